"""ISO weeks and the blocks they are released in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_BLOCK = re.compile(r"(\d{4})-W(\d{2})\.\.W(\d{2})")


def _weeks_in(year: int) -> int:
    return date(year, 12, 28).isocalendar().week  # 28 December always lies in the last ISO week


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO 8601 week; printed 2026-W40."""

    year: int
    number: int

    def __post_init__(self) -> None:
        """Refuse a week the year does not have."""
        if not 1 <= self.number <= _weeks_in(self.year):
            raise ValueError(f"{self.year} has no ISO week {self.number}")

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the week a local date lies in."""
        iso = day.isocalendar()
        return cls(iso.year, iso.week)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 2026-W40; raises ValueError otherwise."""
        match = _WEEK.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no week such as 2026-W40")
        return cls(int(match[1]), int(match[2]))

    @property
    def monday(self) -> date:
        """The first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """The last day."""
        return date.fromisocalendar(self.year, self.number, 7)

    def next(self) -> Self:
        """Return the following week."""
        return type(self).of(self.monday + timedelta(days=7))

    def previous(self) -> Self:
        """Return the week before."""
        return type(self).of(self.monday - timedelta(days=7))

    def block(self, block_weeks: int) -> Block:
        """Return the block of `block_weeks` weeks this week lies in; with 0 the block is the week alone.

        Blocks count from W01, never cross a year, and a W53 joins the last one.
        """
        if block_weeks == 0:
            return Block(self.year, self.number, self.number)
        total = _weeks_in(self.year)
        last_start = (52 // block_weeks - 1) * block_weeks + 1
        first = min((self.number - 1) // block_weeks * block_weeks + 1, last_start)
        last = total if first == last_start else first + block_weeks - 1
        return Block(self.year, first, last)

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """Consecutive ISO weeks of one year, released together after their last; printed 2026-W37..W40."""

    year: int
    first: int
    last: int

    def __post_init__(self) -> None:
        """Refuse a block that is empty or leaves its year."""
        if not 1 <= self.first <= self.last <= _weeks_in(self.year):
            raise ValueError(f"{self.year} has no block of weeks {self.first} to {self.last}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 2026-W37..W40; raises ValueError otherwise."""
        match = _BLOCK.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no block such as 2026-W37..W40")
        return cls(int(match[1]), int(match[2]), int(match[3]))

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The weeks of the block in order."""
        return tuple(Week(self.year, number) for number in range(self.first, self.last + 1))

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.first:02d}..W{self.last:02d}"


def parse_period(text: str) -> Week | Block:
    """Read a week (2026-W40) or a block (2026-W37..W40); raises ValueError otherwise."""
    return Block.parse(text) if ".." in text else Week.parse(text)


def block_of(week: Week, block_weeks: int, fixed: Iterable[Block] = ()) -> Block:
    """Return the block a week is released in: the fixed one that holds it, else the configured one.

    A changed length waits for the end of the fixed block, so the first block after it may be shorter.
    """
    earlier = list(fixed)
    for block in earlier:
        if week in block.weeks:
            return block
    wanted = week.block(block_weeks)
    taken = {taken.number for block in earlier if block.year == week.year for taken in block.weeks}
    first = max((number + 1 for number in taken if number < week.number), default=wanted.first)
    last = min((number - 1 for number in taken if number > week.number), default=wanted.last)
    return Block(week.year, max(first, wanted.first), min(last, wanted.last))
