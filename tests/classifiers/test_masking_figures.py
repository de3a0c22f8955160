"""Figures about masking, worked out by hand."""

from __future__ import annotations

import pytest

from classifiers.masking_figures import LabelledMessage, Miss, Recall, measure
from domain.masked_text import MaskedText, PersonalData, PersonalDataSpan


def _mask(text: str) -> MaskedText | None:
    """Mask every A; refuse a text with !."""
    if "!" in text:
        return None
    spans = [
        PersonalDataSpan(place, place + 1, PersonalData.PERSON) for place, letter in enumerate(text) if letter == "A"
    ]
    return MaskedText(text.replace("A", "〔姓名〕"), tuple(spans))


def _row(text: str, *spans: tuple[str, str]) -> LabelledMessage:
    return LabelledMessage.read(
        {"id": text, "text": text, "spans": [{"text": part, "type": kind} for part, kind in spans]}
    )


def test_counts_what_is_covered_whole() -> None:
    """A span counts when every character of it is masked, whatever type was found."""
    figures = measure([_row("AA在B", ("AA", "phone"), ("B", "school")), _row("AB", ("AB", "person"))], _mask)
    assert figures.by_type == {
        PersonalData.PERSON: Recall(1, 0),
        PersonalData.PHONE: Recall(1, 1),
        PersonalData.SCHOOL: Recall(1, 0),
    }
    assert (figures.structured.share, figures.persons.share, figures.places.share) == (1.0, 0.0, 0.0)
    assert figures.misses == (Miss("AA在B", PersonalData.SCHOOL, "B"), Miss("AB", PersonalData.PERSON, "AB"))


def test_counts_what_is_masked_outside() -> None:
    """Characters outside all spans, and messages without any, show how much is masked for nothing."""
    figures = measure([_row("AB在在", ("B", "person")), _row("好"), _row("A")], _mask)
    assert figures.outside_share == pytest.approx(2 / 5)
    assert (figures.untouched, figures.impersonal) == (1, 2)
    assert figures.untouched_share == 0.5


def test_a_refused_text_shows_nothing() -> None:
    """A refusal covers its spans, masks nothing outside them and counts as touched."""
    figures = measure([_row("B!", ("B", "person")), _row("!")], _mask)
    assert figures.refused == 2
    assert figures.persons == Recall(1, 1)
    assert (figures.masked_outside, figures.untouched) == (0, 0)


def test_no_messages_give_perfect_shares() -> None:
    """Nothing to cover and nothing to spare divide by nothing."""
    figures = measure([], _mask)
    assert (figures.structured.share, figures.outside_share, figures.untouched_share) == (1.0, 0.0, 1.0)


def test_spans_are_located_in_order() -> None:
    """A name that stands twice is found twice, each behind the one before."""
    assert [span[:2] for span in _row("AA", ("A", "person"), ("A", "person")).spans] == [(0, 1), (1, 2)]


@pytest.mark.parametrize(
    "spans", [[("C", "person")], [("B", "person"), ("A", "person")], [("A", "nonsense")], [("", "person")]]
)
def test_wrong_labels_are_refused(spans: list[tuple[str, str]]) -> None:
    """A span that is not in the text in this order, or of an unknown type, stops the evaluation."""
    with pytest.raises(ValueError, match=r"span|valid"):
        _row("AB", *spans)
