"""Finds addresses: from the road, estate or village to the door."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.maskers.finding import Finding, Passage
from classifiers.maskers.named_places import begin
from domain.masked_text import PersonalData

_N = (
    r"(?:[甲乙丙丁附]?(?:\d{1,5}|[一二三四五六七八九十百零〇幺]{1,5})(?:[-—]\d{1,4}){0,3}|"
    r"[A-Za-z甲乙丙丁东西南北][\d]{0,3})"
)
_ROAD = r"(?:路|街(?!道)|大街|大道|大马路|道(?!路|理|德|具|歉|谢)|巷子?|弄|胡同|里弄|条|环路|公路|国道)"
_ESTATE = (
    r"(?:小区|花园|花苑|苑|家园|嘉园|公寓|新村|新城|新苑|庄园|山庄|豪庭|名邸|名城|华府|公馆|别墅|雅苑|佳苑|大厦|大院|广场|家属院|家属楼|家属区|教工宿舍|教师宿舍|职工宿舍|教师公寓|教工楼|教师楼|"
    r"周转房|宿舍楼?|里|坊|湾|城|府|庭|园|轩|阁|郡|居|邸|墅|社区)"
)
_VILLAGE = r"(?:村|屯|寨|庄|堡|营子?|沟|坪|坝|冲|湾|畈|岗|塆)"
_DOOR = (
    rf"(?:[,\s]?(?:第?{_N}\s?(?:号楼|号院|号|幢|栋|座|单元|门栋|门|室|户|楼|层|组|队|社|弄|期|区|排|院)|[A-Za-z东西南北一二三四][区座]|{_ESTATE}|"
    rf"\d{{3,4}}(?!\d|人|个|次|元|份)|(?:内|东|西|南|北|东侧|西侧)))"
)
_ADDRESS = re.compile(rf"(?P<kind>{_ROAD}|{_ESTATE}|{_VILLAGE})(?P<door>{_DOOR}{{1,9}})")
_HAS_DOOR = re.compile(rf"{_N}\s?(?:号|幢|栋|座|单元|室|户|组|队|社|弄|楼|层|门)|\d{{3,4}}$")
_INSIDE = re.compile(
    r"(?<![\d-])\d{1,3}(?:栋|幢|号楼|座)[\s,-]?(?:\d{1,2}|[一二三四五六])?(?:单元|门)?[\s,-]?\d{2,4}(?:室|号|户|房)?(?![\d人个])|"
    r"\d{1,2}单元[\s,]?\d{3,4}(?:室|号|户)?"
)
_MORE_NAMES = re.compile(rf"[\u4e00-\u9fff]{{2,6}}{_ESTATE}{_DOOR}{{0,8}}")
_HOME = re.compile(
    r"(?:家?住在?|家在|住址是?|住址:|搬到了?|搬进|租在|租住在?|房子在|寄到|寄至|地址是?|地址:|收货地址:?)[\u4e00-\u9fff]{0,6}?$"
)
_ESTATE_ALONE = re.compile(r"(?:小区|花园|花苑|苑|家园|嘉园|公寓|新村|山庄|豪庭|名邸|华府|公馆|家属院)")
_AREA = re.compile(r"(?:省|自治区|自治州|市|区|县|旗|街道办事处|街道办|街道|镇|乡|苏木)(?=.)")
_NOT_ADDRESS = re.compile(
    r"(?:学校|教学|办公|实验|综合|图书|行政|食堂|校园|考|会议|附近|马|铁|公|一|半|网|线|思|出|套)$"
)
_PUBLIC = re.compile(r"(?:号线|号文|号令|号会议|号通知|号公告|路公交|路车)")
_FARTHEST = 10


class AddressFinder:
    """Finds addresses that lead to a door, and the estate someone says to live in."""

    def find(self, passage: Passage) -> Iterator[Finding]:
        """Return the addresses found; the town or street office in front stays."""
        text = passage.text
        for match in _ADDRESS.finditer(text):
            start = self._begin(text, match.start())
            if start == match.start() and not match["kind"].startswith(("教", "家属", "职工", "宿舍", "周转")):
                continue
            refused = _NOT_ADDRESS.fullmatch(text[start : match.start()]) or _PUBLIC.match(text, match.end() - 1)
            if _HAS_DOOR.search(match["door"]) and not refused:
                yield Finding(
                    start,
                    self._end(text, match.end()),
                    PersonalData.ADDRESS,
                    "road, estate or village with a door",
                    rank=5,
                )
        for match in _INSIDE.finditer(text):
            yield Finding(match.start(), match.end(), PersonalData.ADDRESS, "building and door", rank=6)
        for match in _ESTATE_ALONE.finditer(text):
            start = self._begin(text, match.start())
            if match.start() - start >= 2 and _HOME.search(passage.before(start, 12)):
                yield Finding(start, match.end(), PersonalData.ADDRESS, "estate someone lives in", rank=6)

    def _begin(self, text: str, position: int) -> int:
        start = begin(text, position, farthest=_FARTHEST)
        areas = list(_AREA.finditer(text, start, position))
        cut = areas[-1].end() if areas else start
        return cut if position - cut >= 1 else start

    def _end(self, text: str, end: int) -> int:
        """An estate with its door may follow the number in the road."""
        more = _MORE_NAMES.match(text, end)
        return more.end() if more else end
