"""What a finder reads and what it answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from classifiers.maskers.digits import Segment, digits_view, groups
from classifiers.normalizer import Normalized
from domain.masked_text import PersonalData

# A placeholder that was there before stands as this character in every passage: no pattern runs across it.
BARRIER = "\ufffc"


@dataclass(frozen=True, slots=True)
class Passage:
    """A normalized text as finders see it.

    `digits` is as long as `text`, with digits of any writing as 0-9; `groups` are digits that may be one number.
    """

    text: str
    digits: str
    groups: tuple[tuple[Segment, ...], ...]
    normalized: Normalized

    @classmethod
    def of(cls, normalized: Normalized) -> Passage:
        """Return a normalized text with its digits read."""
        text = normalized.text
        return cls(text, digits_view(text), tuple(groups(text)), normalized)

    def before(self, position: int, length: int = 8) -> str:
        """Return up to `length` characters in front of a position."""
        return self.text[max(0, position - length) : position]

    def after(self, position: int, length: int = 8) -> str:
        """Return up to `length` characters from a position on."""
        return self.text[position : position + length]


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data at `start`..`end` of a passage; of two that overlap the one with the lower rank stays."""

    start: int
    end: int
    type: PersonalData
    why: str
    rank: int = 5
    subject: str = ""

    def __post_init__(self) -> None:
        """Refuse an empty or reversed finding."""
        if not 0 <= self.start < self.end:
            raise ValueError("a finding needs 0 <= start < end")


class Finder(Protocol):
    """Finds one family of personal data."""

    def find(self, passage: Passage) -> Iterator[Finding]:
        """Return what was found, in any order; findings may overlap."""
