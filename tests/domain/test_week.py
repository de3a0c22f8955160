"""ISO weeks and blocks: year ends, W53, and that blocks part the year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.week import Block, Week, block_of, parse_period

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2150, 12, 31))
weeks = days.map(Week.of)
lengths = st.sampled_from([0, 4, 13])


def weeks_of(year: int) -> list[Week]:
    return [Week(year, number) for number in range(1, date(year, 12, 28).isocalendar().week + 1)]


@given(days)
def test_a_day_lies_in_its_week(day: date) -> None:
    """A week begins on Monday, ends on Sunday and holds the days it is made from."""
    week = Week.of(day)
    assert week.monday <= day <= week.sunday
    assert (week.monday.isoweekday(), week.sunday.isoweekday()) == (1, 7)


@given(weeks)
def test_weeks_follow_each_other_without_gap(week: Week) -> None:
    """The next week begins the day after this one ends, over every year's end, and sorts behind it."""
    assert week.next().monday == week.sunday + timedelta(days=1)
    assert week.next().previous() == week
    assert week < week.next()
    assert str(week) < str(week.next())


@given(weeks)
def test_a_week_is_read_as_it_is_printed(week: Week) -> None:
    """Printing and reading are inverse."""
    assert Week.parse(str(week)) == week == parse_period(str(week))


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2024, 12, 30), "2025-W01"),
        (date(2021, 1, 3), "2020-W53"),
    ],
)
def test_days_around_new_year_belong_to_the_iso_year(day: date, printed: str) -> None:
    """The last days of December and the first of January follow ISO 8601."""
    assert str(Week.of(day)) == printed


@pytest.mark.parametrize("text", ["", "2026-W00", "2026-W54", "2025-W53", "2026W40", "2026-40", "26-W40", " 2026-W40"])
def test_what_is_no_week_is_refused(text: str) -> None:
    """Weeks a year does not have, and other spellings, are refused."""
    with pytest.raises(ValueError, match="week"):
        Week.parse(text)


@pytest.mark.parametrize(
    "text", ["2026-W40..W37", "2026-W00..W04", "2025-W49..W53", "2026-W37-W40", "2026-W37..2026-W40", "2026-W37.."]
)
def test_what_is_no_block_is_refused(text: str) -> None:
    """Blocks that are empty, leave their year or are spelled otherwise are refused."""
    with pytest.raises(ValueError, match=r"block|week"):
        parse_period(text)


@given(st.integers(1990, 2150), lengths)
def test_blocks_part_the_year(year: int, length: int) -> None:
    """Each week lies in exactly one block, blocks follow each other, and none leaves its year."""
    blocks = sorted({week.block(length) for week in weeks_of(year)})
    assert [week for block in blocks for week in block.weeks] == weeks_of(year)
    for block in blocks:
        assert all(week.block(length) == block for week in block.weeks)
        assert Block.parse(str(block)) == block == parse_period(str(block))


@pytest.mark.parametrize(
    ("week", "length", "block"),
    [
        ("2026-W40", 4, "2026-W37..W40"),
        ("2026-W41", 4, "2026-W41..W44"),
        ("2026-W53", 4, "2026-W49..W53"),
        ("2025-W52", 4, "2025-W49..W52"),
        ("2026-W53", 13, "2026-W40..W53"),
        ("2026-W13", 13, "2026-W01..W13"),
        ("2026-W40", 0, "2026-W40..W40"),
    ],
)
def test_blocks_count_from_the_first_week(week: str, length: int, block: str) -> None:
    """Blocks are W01 to W04 and so on; a W53 joins the last."""
    assert str(Week.parse(week).block(length)) == block


@given(weeks, lengths, lengths)
def test_a_fixed_block_outlives_a_changed_length(week: Week, before: int, after: int) -> None:
    """A week stays in the block that was fixed for it, whatever length is configured later."""
    fixed = week.block(before)
    assert block_of(week, after, [fixed]) == fixed


@given(weeks, lengths, lengths)
def test_blocks_never_overlap_after_a_change(week: Week, before: int, after: int) -> None:
    """Every other week of the year gets a block that shares no week with the fixed one."""
    fixed = week.block(before)
    taken = set(fixed.weeks)
    for other in weeks_of(week.year):
        block = block_of(other, after, [fixed])
        assert other in block.weeks
        assert block == fixed or not taken & set(block.weeks)
