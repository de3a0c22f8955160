"""Settles which of several overlapping findings stays."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from dataclasses import replace

from classifiers.maskers.finding import Finding


def settle(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in order and without overlap: lower rank first, then the longer one.

    What a weaker finding covers beyond a stronger one is kept, so that nothing found is left in the text.
    """
    starts: list[int] = []
    taken: list[Finding] = []
    for finding in sorted(findings, key=lambda one: (one.rank, one.start - one.end, one.start)):
        for piece in _free(finding, starts, taken):
            index = bisect(starts, piece.start)
            starts.insert(index, piece.start)
            taken.insert(index, piece)
    return taken


def _free(finding: Finding, starts: list[int], taken: list[Finding]) -> list[Finding]:
    """Return the parts of a finding that no stronger one has, unless only a sliver is left."""
    index = max(0, bisect(starts, finding.start) - 1)
    position, pieces = finding.start, []
    while index < len(taken) and taken[index].start < finding.end:
        other = taken[index]
        if other.end > position:
            if other.start > position:
                pieces.append((position, other.start))
            position = max(position, other.end)
        index += 1
    if position < finding.end:
        pieces.append((position, finding.end))
    if pieces == [(finding.start, finding.end)]:
        return [finding]
    return [replace(finding, start=start, end=end) for start, end in pieces if end - start > 1]
