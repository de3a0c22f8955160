"""Finds telephone numbers: mobile, landline, Hong Kong, Macau and Taiwan."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.maskers.digits import Run, Segment, runs
from classifiers.maskers.finding import Finding, Passage
from classifiers.maskers.word_list import words
from domain.masked_text import PersonalData

_MOBILE = re.compile(r"(?:86|0086)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:86)?0(?:10|2[0-57-9]|[3-9]\d\d)[2-9]\d{6,7}")
_LOCAL = re.compile(r"\d{4,10}")
_COUNTRY = re.compile(r"[(]?[+]?\(?(?:00)?86\)?[\s\-]*$")
_EXTENSION = re.compile(r"\s{0,2}(?:转|分机|ext\.?|#|-)\s{0,2}(?:\d{1,5})(?!\d)", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:电话|手机|座机|固话|办公室|宅电|号码|联系|拨打|拨|打|致电|tel|phone|call|mobile|短信|传真|小灵通|热线|来电|回访|☎|📞|📱|☏)"
    r"(?:号码|号|方式|人|给|我|他|她|的|是|为|请|就|这个|留|了|一个|到)*[\s:()=,\-]*$",
    re.IGNORECASE,
)
_SHORT_LABEL = re.compile(r"(?:短号|虚拟网|内线|分机号?|小号)(?:是|为)?[\s:]*$")
_NOT_PHONE = re.compile(
    r"(?:编号|批次|任务|订单|流水号?|文号|单号|信用代码|条码|序列号|邀请码|验证码|版本号?)(?:是|为)?[\s:#号]*$"
)
_COUNTED = re.compile(r"\s?(?:[次人个元份名条步页字张分块]|多|万|余|年|月|号文|公里)")
# How people group a number: others need the same gap everywhere.
_GROUPINGS = frozenset(
    tuple(map(int, grouping.split("-")))
    for grouping in words(
        """
        11 3-4-4 3-3-5 4-3-4 4-4-3 3-8 7-4 5-6 6-5 3-2-2-4 3-2-2-2-2 2-3-3-3 3-2-3-3 1-3-3-4 3-1-3-4 3-5-3 3-6-2
        """
    )
)
_SINGLES = 2
_MOBILE_DIGITS = 11
_LEAST_SURE = 6


class PhoneFinder:
    """Finds telephone numbers by shape; short ones only behind a word such as 电话."""

    def find(self, passage: Passage) -> Iterator[Finding]:
        """Return the numbers found."""
        for group in passage.groups:
            found = list(self._mobiles(passage, group)) or list(self._landlines(passage, group))
            yield from found or self._local(passage, group)

    def _mobiles(self, passage: Passage, group: tuple[Segment, ...]) -> Iterator[Finding]:
        taken = 0
        for run in (*_inside_one(group), *runs(group, _MOBILE, longest=15)):
            if run.start >= taken and _MOBILE.fullmatch(run.digits) and _grouped(run) and not _numbered(passage, run):
                yield Finding(_from_country(passage, run.start), run.end, PersonalData.PHONE, "mobile number", rank=3)
                taken = run.end

    def _landlines(self, passage: Passage, group: tuple[Segment, ...]) -> Iterator[Finding]:
        for run in runs(group, _LANDLINE, longest=14):
            fits = len(run.segments) <= 4 and not run.worded
            if fits and not _numbered(passage, run):
                start = _from_country(passage, run.start)
                start -= passage.text[start - 1 : start] == "(" and ")" in passage.text[start : run.end]
                yield Finding(start, _extended(passage, run.end), PersonalData.PHONE, "landline with area code", rank=3)
                return

    def _local(self, passage: Passage, group: tuple[Segment, ...]) -> Iterator[Finding]:
        for run in runs(group, _LOCAL, longest=10, starts=2):
            before, size = passage.before(run.start, 14), len(run.digits)
            if run.worded or _COUNTED.match(passage.after(run.end, 3)):
                continue
            if _SHORT_LABEL.search(before) or (_LABEL.search(before) and _is_local(run.digits)):
                why = "number behind a word for telephone"
                yield Finding(run.start, _extended(passage, run.end), PersonalData.PHONE, why, rank=4)
                return
            if size == 10 and run.digits.startswith("09") and run.lengths in ((4, 3, 3), (4, 6), (10,)):
                yield Finding(run.start, run.end, PersonalData.PHONE, "Taiwan mobile number", rank=4)
                return


def _inside_one(group: tuple[Segment, ...]) -> Iterator[Run]:
    """A number may touch a numeral of the sentence: 13800138000一直没人接, 周六13800138000."""
    for segment in group:
        size = len(segment.digits)
        if _MOBILE_DIGITS < size <= _MOBILE_DIGITS + 2:
            yield Run((segment.head(_MOBILE_DIGITS),))
            yield Run((segment.tail(_MOBILE_DIGITS),))


def _grouped(run: Run) -> bool:
    if run.sure < _LEAST_SURE:
        return False
    lengths = run.lengths
    if len(lengths) == 1 or lengths in _GROUPINGS or (lengths[0] in (2, 3, 4) and lengths[1:] in _GROUPINGS):
        return True
    same_gap = len(set(run.gaps)) == 1
    if run.worded or any(mark in gap for gap in run.gaps for mark in ",、"):
        return same_gap and max(lengths) == 1
    return max(lengths) <= _SINGLES or (same_gap and len(lengths) <= _SINGLES * 2) or _every_gap_is_blank(run)


def _every_gap_is_blank(run: Run) -> bool:
    return all(set(gap) <= set(" -·_*\n") for gap in run.gaps) and not re.search(r"(?:19|20)\d\d", run.digits[-8:])


def _numbered(passage: Passage, run: Run) -> bool:
    return bool(_NOT_PHONE.search(passage.before(run.start, 10)))


def _is_local(digits: str) -> bool:
    hotline = re.fullmatch(r"(?:400|800)\d{7}|1[12]\d{1,3}|12\d{3}|9[56]\d{3,4}", digits)
    date = re.fullmatch(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", digits)
    return 7 <= len(digits) <= 8 and digits[0] in "23456789" and not hotline and not date


def _from_country(passage: Passage, start: int) -> int:
    country = _COUNTRY.search(passage.before(start, 8))
    return start - len(country[0]) if country else start - (passage.text[start - 1 : start] == "+")


def _extended(passage: Passage, end: int) -> int:
    extension = _EXTENSION.match(passage.digits, end)
    return extension.end() if extension else end
