"""A reading that contradicts itself is refused."""

from __future__ import annotations

from typing import Any

import pytest

from domain.classification import Classification, Kind, Label


def label(category: str, score: float = 0.5) -> Label:
    return Label(category, score, (), ())


def reading(**fields: Any) -> Classification:
    usual = {
        "kind": Kind.REPORT,
        "labels": (label("voting"),),
        "candidates": ("voting", "apps", "forms"),
        "body": None,
        "confidence": 0.7,
        "sure": False,
        "pack": "cn@1",
    }
    return Classification(**{**usual, **fields})


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"labels": ()}, "one to three labels"),
        ({"labels": tuple(label(c) for c in "abcd")}, "one to three labels"),
        ({"kind": Kind.CHAT}, "nothing else has any"),
        ({"candidates": ("voting", "apps")}, "three different candidates"),
        ({"candidates": ("voting", "apps", "apps")}, "three different candidates"),
        ({"labels": (label("voting", 0.2), label("apps", 0.3))}, "best first"),
        ({"confidence": 1.01}, "probability"),
        ({"confidence": -0.01}, "probability"),
    ],
)
def test_a_contradiction_is_refused(fields: dict[str, Any], says: str) -> None:
    """Each contradiction is refused with its reason."""
    with pytest.raises(ValueError, match=says):
        reading(**fields)


def test_a_message_that_is_no_report_has_candidates_all_the_same() -> None:
    """Candidates are there for 仍作为反映提交."""
    assert reading(kind=Kind.CHAT, labels=()).candidates[0] == "voting"
