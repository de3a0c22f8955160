"""A report names one to three different burdens and has a text."""

from __future__ import annotations

from typing import Any

import pytest

from domain.classification import Kind
from domain.report import Report


def report(**fields: Any) -> Report:
    usual = {
        "text": "又要投票",
        "region": "d1",
        "week": "2026-W40",
        "categories": ("voting",),
        "body": None,
        "kind": Kind.REPORT,
        "pack": "cn@1",
    }
    return Report(**{**usual, **fields})


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"categories": ()}, "one to three"),
        ({"categories": ("a", "b", "c", "d")}, "one to three"),
        ({"categories": ("a", "a")}, "different"),
        ({"text": " \n"}, "a text"),
    ],
)
def test_a_report_without_burden_or_text_is_refused(fields: dict[str, Any], says: str) -> None:
    """Each contradiction is refused with its reason."""
    with pytest.raises(ValueError, match=says):
        report(**fields)


def test_a_report_says_nothing_about_its_writer() -> None:
    """No field of a report could hold an account, an address or a day."""
    assert set(Report.__dataclass_fields__) == {
        "text", "region", "week", "categories", "body", "kind", "pack", "source", "corrected", "slip_link",
    }  # fmt: skip
