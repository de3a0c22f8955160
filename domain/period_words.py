"""Reads which weeks a question means: 上周, 上月, 本学期, W40, 2026-W37..W40, last week."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.week import Week

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_COUNT = r"(\d{1,3}|[一二两三四五六七八九十])"
_TO = r"\s*(?:\.{2,3}|…|-|–|—|~|至|到|to)\s*"
_MOST_WEEKS = 520  # ten years; a question for more is a typing error


@dataclass(frozen=True, slots=True)
class SchoolTerm:
    """A school term: its name and its first and last day."""

    name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the words of a question are measured by: today, the terms, and the released weeks in order."""

    today: date
    terms: tuple[SchoolTerm, ...]
    released: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class AskedPeriod:
    """A run of weeks a question names."""

    first: Week
    last: Week

    def __str__(self) -> str:
        if self.first == self.last:
            return str(self.first)
        if self.first.year == self.last.year:
            return f"{self.first}..W{self.last.number:02d}"
        return f"{self.first}..{self.last}"


class UnclearPeriodError(ValueError):
    """Words that name a period which does not exist; `words` are these words."""

    def __init__(self, words: str) -> None:
        super().__init__("a question names a period that does not exist")
        self.words = words


def find_periods(text: str, calendar: Calendar) -> tuple[str, list[AskedPeriod]]:
    """Return the text with the words for periods taken out, and the periods.

    `text` is in half width and lower case. "Latest" and the like name nothing before anything was released.

    Raises:
        UnclearPeriodError: there is no such week, month or term.
    """
    found: list[AskedPeriod] = []
    for name in sorted(calendar.terms, key=lambda term: -len(term.name)):
        plain = unicodedata.normalize("NFKC", name.name).casefold()
        if plain in text:
            text = text.replace(plain, " ")
            found.append(_days(name.start, name.end))
    for pattern, read in _RULES:
        while match := pattern.search(text):
            try:
                period = read(match, calendar)
            except ValueError:
                raise UnclearPeriodError(match[0]) from None
            if period is not None:
                found.append(period)
            text = f"{text[: match.start()]} {text[match.end() :]}"
    return text, found


def _days(first: date, last: date) -> AskedPeriod:
    """Return the weeks whose Thursday lies in these days, so that no week belongs to two months."""
    start = Week.of(first) if Week.of(first).monday + timedelta(days=3) >= first else Week.of(first).next()
    end = Week.of(last) if Week.of(last).monday + timedelta(days=3) <= last else Week.of(last).previous()
    return AskedPeriod(start, max(start, end))


def _week(calendar: Calendar, year: str | None, number: str) -> Week:
    if year:
        return Week(int(year), int(number))
    this = Week.of(calendar.today)
    week = Week(this.year, int(number)) if int(number) <= this.number else None
    return week or Week(this.year - 1, int(number))


def _range(match: re.Match[str], calendar: Calendar) -> AskedPeriod:
    first = _week(calendar, match["year"], match["first"])
    last = Week(int(match["until"] or first.year), int(match["last"]))
    if last < first or (last.monday - first.monday).days > 7 * _MOST_WEEKS:
        raise ValueError("the range is empty or endless")
    return AskedPeriod(first, last)


def _one(match: re.Match[str], calendar: Calendar) -> AskedPeriod:
    week = _week(calendar, match["year"], match["number"])
    return AskedPeriod(week, week)


def _day(match: re.Match[str], _calendar: Calendar) -> AskedPeriod:
    week = Week.of(date(int(match[1]), int(match[2]), int(match[3])))
    return AskedPeriod(week, week)


def _month(match: re.Match[str], calendar: Calendar) -> AskedPeriod:
    number = int(match["month"])
    if match["year"]:
        return _month_of(int(match["year"]), number)
    this = calendar.today
    return _month_of(this.year if number <= this.month else this.year - 1, number)


def _month_of(year: int, month: int) -> AskedPeriod:
    following = date(year + month // 12, month % 12 + 1, 1)
    return _days(date(year, month, 1), following - timedelta(days=1))


def _ago(weeks: int) -> Callable[[re.Match[str], Calendar], AskedPeriod]:
    def read(_match: re.Match[str], calendar: Calendar) -> AskedPeriod:
        week = Week.of(calendar.today - timedelta(days=7 * weeks))
        return AskedPeriod(week, week)

    return read


def _month_ago(months: int) -> Callable[[re.Match[str], Calendar], AskedPeriod]:
    def read(_match: re.Match[str], calendar: Calendar) -> AskedPeriod:
        months_since_zero = calendar.today.year * 12 + calendar.today.month - 1 - months
        return _month_of(months_since_zero // 12, months_since_zero % 12 + 1)

    return read


def _year(match: re.Match[str], _calendar: Calendar) -> AskedPeriod:
    return _days(date(int(match[1]), 1, 1), date(int(match[1]), 12, 31))


def _year_ago(years: int) -> Callable[[re.Match[str], Calendar], AskedPeriod]:
    def read(_match: re.Match[str], calendar: Calendar) -> AskedPeriod:
        year = calendar.today.year - years
        return _days(date(year, 1, 1), date(year, 12, 31))

    return read


def _this_term(_match: re.Match[str], calendar: Calendar) -> AskedPeriod:
    term = next((term for term in calendar.terms if term.start <= calendar.today <= term.end), None)
    return _days_of(term)


def _last_term(_match: re.Match[str], calendar: Calendar) -> AskedPeriod:
    this = next((term.start for term in calendar.terms if term.start <= calendar.today <= term.end), calendar.today)
    past = [term for term in calendar.terms if term.end < this]
    return _days_of(max(past, key=lambda term: term.end, default=None))


def _days_of(term: SchoolTerm | None) -> AskedPeriod:
    if term is None:
        raise ValueError("no such term is configured")
    return _days(term.start, term.end)


def _newest(calendar: Calendar, weeks: int) -> AskedPeriod | None:
    newest = calendar.released[-weeks:]
    return AskedPeriod(newest[0], newest[-1]) if newest else None


def _fixed(weeks: int) -> Callable[[re.Match[str], Calendar], AskedPeriod | None]:
    return lambda _match, calendar: _newest(calendar, weeks)


def _recent(match: re.Match[str], calendar: Calendar) -> AskedPeriod | None:
    words = re.findall(_COUNT, match[0])[-1]
    number = int(words) if words.isdecimal() else _DIGITS[words]
    if number < 1:
        raise ValueError("no weeks at all")
    return _newest(calendar, number)


_Reader = Callable[[re.Match[str], Calendar], AskedPeriod | None]

# In this order: what is longer and more certain comes first.
_TABLE: Sequence[tuple[str, _Reader]] = (
    (
        r"(?:(?<!\d)(?P<year>\d{4})\s*(?:年|-)?\s*)?(?:w|第)(?P<first>\d{1,2})周?"
        + _TO
        + r"(?:(?P<until>\d{4})\s*(?:年|-)?\s*)?(?:w|第)?(?P<last>\d{1,2})(?!\d)周?",
        _range,
    ),
    (r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", _day),
    (r"(?:(?<!\d)(?P<year>\d{4})\s*(?:年|-)?\s*)?(?<![a-z])w(?P<number>\d{1,2})(?!\d)", _one),
    (r"(?:(?<!\d)(?P<year>\d{4})\s*(?:年|-)?\s*)?第(?P<number>\d{1,2})个?周", _one),
    (r"(?<!\d)(?P<year>\d{4})(?:年\s*|-)(?P<month>\d{1,2})(?!\d)月?份?", _month),
    (rf"(?:最近|近|过去|前){_COUNT}个?(?:周|星期)|(?:last|past)\s+(?:\d{{1,3}})\s+weeks", _recent),
    (r"(?:最近|近|过去)(?:一|1)?个月", _fixed(4)),
    (r"(?<!\d)(?P<year>)(?P<number>\d{1,2})周", _one),
    (r"(?<!\d)(?P<year>)(?P<month>\d{1,2})月份?", _month),
    (r"(?<!\d)(\d{4})年", _year),
    (r"上上个?(?:周|星期)|the week before last", _ago(2)),
    (r"上一?个?(?:周|星期)|\blast week\b", _ago(1)),
    (r"(?:本|这一?个?|当前)(?:周|星期)|\bthis week\b", _ago(0)),
    (r"上一?个?月|\blast month\b", _month_ago(1)),
    (r"(?:本|这个?|当)月|\bthis month\b", _month_ago(0)),
    (r"上一?个?学期|\blast (?:term|semester)\b", _last_term),
    (r"(?:本|这个?)学期|\bthis (?:term|semester)\b", _this_term),
    (r"(?:今|本)年|\bthis year\b", _year_ago(0)),
    (r"去年|\blast year\b", _year_ago(1)),
    (r"最近一期|最近|最新|近期|\b(?:latest|newest|recent|recently)\b", _fixed(1)),
    (r"至今|所有周|全部周|历史|\b(?:all weeks|ever|so far)\b", _fixed(_MOST_WEEKS)),
)


_RULES = tuple((re.compile(pattern), read) for pattern, read in _TABLE)
