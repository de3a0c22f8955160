"""Spans and masked texts that contradict themselves are refused."""

from __future__ import annotations

import pytest

from domain.masked_text import MaskedText, PersonalData, PersonalDataSpan


def span(start: int, end: int) -> PersonalDataSpan:
    return PersonalDataSpan(start, end, PersonalData.PERSON)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 2)])
def test_an_empty_or_reversed_span_is_refused(start: int, end: int) -> None:
    """A span covers at least one character and lies inside the text."""
    with pytest.raises(ValueError, match="start < end"):
        span(start, end)


@pytest.mark.parametrize("spans", [[(0, 3), (2, 5)], [(4, 5), (0, 1)], [(0, 2), (0, 2)]])
def test_overlapping_or_unordered_spans_are_refused(spans: list[tuple[int, int]]) -> None:
    """Spans stand in order and apart."""
    with pytest.raises(ValueError, match="must not overlap"):
        MaskedText("〔姓名〕", tuple(span(*place) for place in spans))


def test_neighbouring_spans_are_two() -> None:
    """A school and a class next to each other may touch."""
    assert len(MaskedText("〔学校〕〔班级〕", (span(0, 4), span(4, 6))).spans) == 2
