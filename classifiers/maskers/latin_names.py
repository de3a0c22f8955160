"""Finds names with Latin letters and names with a dot between their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.maskers.finding import Finding, Passage
from classifiers.maskers.name_parts import NameParts
from classifiers.maskers.word_list import words
from domain.masked_text import PersonalData

_HAN = "\u3400-\u9fff"
_INITIAL = re.compile(r"(?<![A-Za-z0-9@._/:-])([A-WYZ]|X(?!X))(?=[\u4e00-\u9fff])")
_ONE_LETTER_TITLE = re.compile(r"[校局科处主总姐哥](?![\u4e00-\u9fff])|[校局科处主](?=[说讲让叫要的也又在])")
_NICKNAME = re.compile(r"(?<![\u4e00-\u9fff])?([老小阿])([A-Z])(?![A-Za-z0-9])")
_WORD = re.compile(
    r"(?<![A-Za-z0-9@._/:-])([A-Z][a-z]{1,11}(?: ?[A-Z][a-z]{1,11})?|"
    r"[a-z]{2,8}(?: [a-z]{2,12})?(?= ?[\u4e00-\u9fff]))(?![A-Za-z0-9@._-])"
)
_DOTTED = re.compile(rf"[{_HAN}]{{2,12}}(?:·[{_HAN}]{{2,12}}){{1,3}}")
_LETTERS = re.compile(r"(?<![A-Za-z0-9@._/:-])([A-Z]{2,4})(?![A-Za-z0-9@._-])")
_NO_NAMES = frozenset(
    words(
        """
        PPT PE IT AI APP QQ VR AR ICT KPI NGO WPS CEO HR VIP PDF EXCEL WORD XX XXX XXXX ABC OK STEM STEAM CCTV GDP
        NBA HPV PCR UV TV PC CPU DIY ID WX VX BOSS TA PS PK OA CT AED SOS EMS ETC NO UP RAP MV
        """
    )
)
_SIR = re.compile(r"([\u4e00-\u9fff])(?:sir|miss)(?![A-Za-z])", re.IGNORECASE)
_POST_BEHIND = re.compile(
    r"\s?[(,]\s?(?:我们|咱们|我|本|他是|她是|学校)?(?:的)?[\u4e00-\u9fff]{0,4}(?:校长|主任|书记|老师|局长|科长|组长|领导|园长)"
)
_PART = 6
_LONE = re.compile(r"(?:老师|校长|主任|组长|班主任|同事|外教|我叫|名叫|找|问|跟|@)[\s(“\"]{0,2}$")


class LatinNameFinder:
    """Finds initials with a title (W校长), English and Pinyin names, and names such as 阿依古丽·买买提."""

    def __init__(self, parts: NameParts) -> None:
        self._parts = parts

    def find(self, passage: Passage) -> Iterator[Finding]:
        """Return the names found."""
        for match in _INITIAL.finditer(passage.text):
            end = self._title_end(passage, match.end())
            if end:
                yield _person(match.start(), end, "initial with title", passage)
        for match in _NICKNAME.finditer(passage.text):
            yield _person(match.start(), match.end(), "nickname with an initial", passage)
        for match in _WORD.finditer(passage.text):
            yield from self._word(passage, match)
        for match in _LETTERS.finditer(passage.text):
            if match[1] not in _NO_NAMES and self._is_somebody(passage, match):
                yield _person(match.start(), match.end(), "initials of a name", passage)
        for match in _SIR.finditer(passage.text):
            if match[1] in self._parts.surnames:
                yield _person(match.start(), match.end(), "surname with an English title", passage)
        for match in _DOTTED.finditer(passage.text):
            yield from self._dotted(passage, match)

    def _word(self, passage: Passage, match: re.Match[str]) -> Iterator[Finding]:
        end = self._title_end(passage, match.end())
        first, *others = match[1].split()
        pinyin = first.lower() in self._parts.latin_surnames
        if match[1].islower():
            if end and pinyin:
                yield _person(match.start(), match.end() if others else end, "Pinyin name in front of a title", passage)
        elif end and (pinyin or first in self._parts.english) and not others:
            stop = end if pinyin else match.end()
            yield _person(match.start(), stop, "Latin name in front of a title", passage)
        elif first in self._parts.english or (pinyin and others):
            yield _person(match.start(), match.end(), "Latin name", passage)

    def _is_somebody(self, passage: Passage, match: re.Match[str]) -> bool:
        """Whether a post stands in front of or behind the letters."""
        behind = self._title_end(passage, match.end()) or _POST_BEHIND.match(passage.after(match.end(), 16))
        return bool(behind or _LONE.search(passage.before(match.start())))

    def _title_end(self, passage: Passage, position: int) -> int:
        ends = [end for end, _ in self._parts.titles_at(passage.text, position) if end - position > 1]
        if ends and not passage.text.startswith("们", max(ends)):
            return max(ends)
        short = _ONE_LETTER_TITLE.match(passage.text, position)
        return position + 1 if short else 0

    def _dotted(self, passage: Passage, match: re.Match[str]) -> Iterator[Finding]:
        parts = match[0].split("·")
        first, last = self._sounding(parts[0][::-1]), self._sounding(parts[-1])
        if first < 2 or last < 2 or not all(self._sounding(part) == len(part) for part in parts[1:-1]):
            return
        start = match.start() + len(parts[0]) - first
        yield _person(start, match.end() - len(parts[-1]) + last, "name with a dot", passage)

    def _sounding(self, part: str) -> int:
        """How many characters from the front stand for sounds only."""
        count = next((place for place, character in enumerate(part) if character not in self._parts.sounds), len(part))
        return min(count, _PART + 2)


def _person(start: int, end: int, why: str, passage: Passage) -> Finding:
    return Finding(start, end, PersonalData.PERSON, why, rank=7, subject=passage.text[start:end])
