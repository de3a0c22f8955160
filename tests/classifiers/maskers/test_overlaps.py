"""Which of several overlapping findings stays."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from classifiers.maskers.finding import Finding
from classifiers.maskers.overlaps import settle
from domain.masked_text import PersonalData

_findings = st.builds(
    lambda start, length, rank, kind: Finding(start, start + length, kind, "", rank),
    st.integers(0, 40),
    st.integers(1, 12),
    st.integers(0, 8),
    st.sampled_from(PersonalData),
)


def test_the_lower_rank_stays_and_the_rest_of_the_other_is_kept() -> None:
    """What the weaker finding covers beyond the stronger one is still masked."""
    strong = Finding(0, 5, PersonalData.PHONE, "", 1)
    weak = Finding(3, 9, PersonalData.ADDRESS, "", 5)
    assert [(one.start, one.end, one.type) for one in settle([weak, strong])] == [
        (0, 5, PersonalData.PHONE),
        (5, 9, PersonalData.ADDRESS),
    ]


@given(st.lists(_findings, max_size=25))
def test_nothing_overlaps_and_only_slivers_are_lost(findings: list[Finding]) -> None:
    """Settled findings are in order, apart, and cover what was found but for single characters beside others."""
    settled = settle(findings)
    assert all(first.end <= second.start for first, second in pairwise(settled))
    covered = {place for one in settled for place in range(one.start, one.end)}
    found = {place for one in findings for place in range(one.start, one.end)}
    assert covered <= found
    assert all({place - 1, place + 1} & covered for place in found - covered)
