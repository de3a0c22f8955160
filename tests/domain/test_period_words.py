"""Words of a question become runs of ISO weeks."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.period_words import Calendar, SchoolTerm, UnclearPeriodError, find_periods
from domain.week import Week

TERMS = (
    SchoolTerm("2026春季学期", date(2026, 2, 23), date(2026, 7, 10)),
    SchoolTerm("秋学期", date(2026, 8, 31), date(2027, 1, 22)),
)
RELEASED = tuple(Week(2026, number) for number in range(33, 44))
CALENDAR = Calendar(date(2026, 11, 4), TERMS, RELEASED)  # Wednesday of W45


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("上周", "2026-W44"),
        ("上星期", "2026-W44"),
        ("上上周", "2026-W43"),
        ("last week", "2026-W44"),
        ("本周", "2026-W45"),
        ("这个星期", "2026-W45"),
        ("this week", "2026-W45"),
        ("上月", "2026-W40..W44"),
        ("上个月", "2026-W40..W44"),
        ("last month", "2026-W40..W44"),
        ("本月", "2026-W45..W48"),
        ("10月", "2026-W40..W44"),
        ("12月份", "2025-W49..W52"),
        ("2026年9月", "2026-W36..W39"),
        ("2026-09", "2026-W36..W39"),
        ("本学期", "2026-W36..2027-W03"),
        ("这学期", "2026-W36..2027-W03"),
        ("this term", "2026-W36..2027-W03"),
        ("上学期", "2026-W09..W28"),
        ("last semester", "2026-W09..W28"),
        ("2026春季学期", "2026-W09..W28"),
        ("今年", "2026-W01..W53"),
        ("去年", "2025-W01..W52"),
        ("2025年", "2025-W01..W52"),
        ("2026-w40", "2026-W40"),
        ("2026w40", "2026-W40"),
        ("w40", "2026-W40"),
        ("w50", "2025-W50"),
        ("第40周", "2026-W40"),
        ("40周", "2026-W40"),
        ("2026年第40周", "2026-W40"),
        ("2026-w37..w40", "2026-W37..W40"),
        ("2026-w37..2026-w40", "2026-W37..W40"),
        ("2025-w51..2026-w02", "2025-W51..2026-W02"),
        ("w37-w40", "2026-W37..W40"),
        ("w37到w40", "2026-W37..W40"),
        ("第37周至第40周", "2026-W37..W40"),
        ("第37到40周", "2026-W37..W40"),
        ("2026-10-03", "2026-W40"),
        ("最近", "2026-W43"),
        ("latest", "2026-W43"),
        ("最近四周", "2026-W40..W43"),
        ("近4周", "2026-W40..W43"),
        ("last 4 weeks", "2026-W40..W43"),
        ("最近一个月", "2026-W40..W43"),
        ("至今", "2026-W33..W43"),
    ],
)
def test_words_name_weeks(words: str, period: str) -> None:
    rest, found = find_periods(words, CALENDAR)
    assert [str(one) for one in found] == [period]
    assert not rest.strip()


@pytest.mark.parametrize("words", ["w60", "2026-w00", "第54周", "2026-13", "13月", "2026-02-30", "w40..w37", "最近0周"])
def test_a_period_that_does_not_exist_is_unclear(words: str) -> None:
    with pytest.raises(UnclearPeriodError) as unclear:
        find_periods(f"海淀 {words} 投票", CALENDAR)
    assert unclear.value.words.strip() in words


def test_a_term_nobody_configured_is_unclear() -> None:
    with pytest.raises(UnclearPeriodError):
        find_periods("本学期", Calendar(date(2026, 8, 1), TERMS, RELEASED))


def test_what_is_no_period_is_left() -> None:
    rest, found = find_periods("海淀上周投票", CALENDAR)
    assert (rest.split(), len(found)) == (["海淀", "投票"], 1)


def test_before_the_first_release_the_latest_week_is_none() -> None:
    assert find_periods("最近", Calendar(date(2026, 11, 4), TERMS, ()))[1] == []


@given(today=st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_every_week_belongs_to_exactly_one_month(today: date) -> None:
    """The months of a year follow each other without gap or overlap."""
    ends = [find_periods(f"{today.year}-{month:02d}", CALENDAR)[1][0] for month in range(1, 13)]
    assert all(first.last.next() == second.first for first, second in pairwise(ends))


@given(words=st.text(alphabet="0123456789W-.第周月年上本到至 w最近", max_size=14))
def test_any_words_are_read_or_refused(words: str) -> None:
    """Whatever is typed ends in periods or in the one error for unclear periods."""
    try:
        _, found = find_periods(words.casefold(), CALENDAR)
    except UnclearPeriodError:
        found = []
    assert all(period.first <= period.last for period in found)
