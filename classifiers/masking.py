"""Finds and masks personal data; one module a family of data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from classifiers.maskers.accounts import ChatAccountFinder, EmailFinder
from classifiers.maskers.addresses import AddressFinder
from classifiers.maskers.finding import BARRIER, Finder, Finding, Passage
from classifiers.maskers.identity_numbers import BankCardFinder, EmployeeNumberFinder, IdCardFinder, PlateFinder
from classifiers.maskers.latin_names import LatinNameFinder
from classifiers.maskers.lexicon import load_lexicon
from classifiers.maskers.name_parts import load_name_parts
from classifiers.maskers.overlaps import settle
from classifiers.maskers.persons import PersonFinder
from classifiers.maskers.phones import PhoneFinder
from classifiers.maskers.residue import remainder
from classifiers.maskers.schools_and_classes import ClassFinder, SchoolFinder
from classifiers.maskers.urls import UrlFinder
from classifiers.normalizer import Normalized, Normalizer, build_normalizer
from domain.errors import MaskingRefusedError
from domain.masked_text import MaskedText, PersonalData, PersonalDataSpan

LABELS: Mapping[PersonalData, str] = {
    PersonalData.PERSON: "姓名",
    PersonalData.PHONE: "电话",
    PersonalData.ID_CARD: "身份证号",
    PersonalData.EMAIL: "邮箱",
    PersonalData.WECHAT: "微信",
    PersonalData.BANK_CARD: "银行卡号",
    PersonalData.PLATE: "车牌号",
    PersonalData.EMPLOYEE_NO: "工号",
    PersonalData.ADDRESS: "地址",
    PersonalData.SCHOOL: "学校",
    PersonalData.CLASS: "班级",
    PersonalData.URL_WITH_ID: "链接",
}
LONGEST = 20_000
_PLACEHOLDER = re.compile(
    rf"〔(?:姓名(\d{{0,3}})|学校(?:·[^〔〕\n]{{1,20}})?|{'|'.join(sorted(set(LABELS.values()) - {'姓名', '学校'}))})〕"
)
# The year of a document number, 京教人〔2021〕5号, can be no placeholder and stays.
_TYPED = re.compile(r"〔(?!(?:19|20)\d\d〕)|(?<!〔\d\d\d\d)〕")
_ESCAPED = {"〔": "［", "〕": "］"}
_NEAR = 2
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the original and what it becomes."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A span of the original, the person it names and the district of a school."""

    span: PersonalDataSpan
    subject: str
    district: str


class Masker:
    """Replaces personal data by placeholders; what it is not sure of it refuses."""

    def __init__(self, *, normalizer: Normalizer, finders: Iterable[Finder], districts: Mapping[str, str]) -> None:
        self._normalizer = normalizer
        self._finders = tuple(finders)
        self._districts = dict(sorted(districts.items(), key=lambda item: -len(item[0])))

    def mask(self, text: str, *, placeholders_kept: bool = False) -> MaskedText:
        """Return the text with placeholders for personal data.

        Typed 〔 and 〕 become ［ and ］. With `placeholders_kept` the text was masked before: its placeholders stay.

        Raises:
            MaskingRefusedError: the text is too long, or a second look finds personal data in the result.
        """
        if len(text) > LONGEST:
            raise MaskingRefusedError
        kept = list(_PLACEHOLDER.finditer(text)) if placeholders_kept else []
        found = self._found(text, kept)
        pieces = [_Piece(match.start(), match.end(), match[0]) for match in kept]
        pieces += self._placeholders(found, kept)
        masked = _assembled(text, sorted(pieces, key=lambda piece: piece.start))
        if remainder(masked):
            raise MaskingRefusedError
        return MaskedText(masked, tuple(one.span for one in found))

    def _found(self, text: str, kept: Sequence[re.Match[str]]) -> list[_Found]:
        """Look until nothing more is found: what was masked may have hidden where its neighbour ends.

        Raises:
            MaskingRefusedError: there was something new in every round.
        """
        barred = [match.span() for match in kept]
        found: list[_Found] = []
        for _ in range(_ROUNDS):
            passage = self._passage(text, barred)
            findings = settle(
                one for finder in self._finders for one in finder.find(passage) if _is_clear(passage, one)
            )
            if not findings:
                return sorted(found, key=lambda one: one.span.start)
            new = [_Found(_span(text, passage, one), one.subject, self._district(passage, one)) for one in findings]
            found += new
            barred += [(one.span.start, one.span.end) for one in new]
        raise MaskingRefusedError

    def _passage(self, text: str, barred: Sequence[tuple[int, int]]) -> Passage:
        characters = list(_escaped(text))
        for start, end in barred:
            characters[start:end] = BARRIER * (end - start)
        return Passage.of(_closed(self._normalizer.normalize("".join(characters))))

    def _placeholders(self, found: Sequence[_Found], kept: Sequence[re.Match[str]]) -> list[_Piece]:
        numbers = _numbers(found, kept)
        pieces: list[_Piece] = []
        for one in found:
            label = LABELS[one.span.type]
            if one.span.type is PersonalData.PERSON:
                label += numbers[one.subject]
            elif one.span.type is PersonalData.SCHOOL and one.district:
                label += f"·{one.district}"
            pieces.append(_Piece(one.span.start, one.span.end, f"〔{label}〕"))
        return pieces

    def _district(self, passage: Passage, finding: Finding) -> str:
        """Return the district that the school's name holds or that stands directly in front of it."""
        if finding.type is not PersonalData.SCHOOL:
            return ""
        name = passage.text[finding.start : finding.end]
        before = passage.before(finding.start, 16).rstrip("的 ")
        for alias, district in self._districts.items():
            if name.startswith(alias) or alias in name or before[-len(alias) - _NEAR :].endswith(alias):
                return district
        return ""


def build_masker(districts: Mapping[str, str] | Sequence[str] = ()) -> Masker:
    """Build a masker with all finders; reads the word lists once.

    `districts` are names of districts, or other names mapped to them: a school is then masked as 〔学校·海淀区〕.
    """
    parts, lexicon = load_name_parts(), load_lexicon()
    finders: tuple[Finder, ...] = (
        UrlFinder(),
        EmailFinder(),
        IdCardFinder(),
        PhoneFinder(),
        BankCardFinder(),
        ChatAccountFinder(),
        PlateFinder(),
        EmployeeNumberFinder(),
        AddressFinder(),
        SchoolFinder(),
        ClassFinder(),
        LatinNameFinder(parts),
        PersonFinder(parts, lexicon),
    )
    return Masker(normalizer=build_normalizer(), finders=finders, districts=_aliases(districts))


def _aliases(districts: Mapping[str, str] | Sequence[str]) -> dict[str, str]:
    """Return every name of a district, 海淀 for 海淀区 too."""
    named = dict(districts) if isinstance(districts, Mapping) else {name: name for name in districts}
    short = {name[:-1]: district for name, district in named.items() if len(name) > 2 and name[-1] in "区县市旗"}
    return {**short, **named}


def _is_clear(passage: Passage, finding: Finding) -> bool:
    return BARRIER not in passage.text[finding.start : finding.end]


def _span(text: str, passage: Passage, finding: Finding) -> PersonalDataSpan:
    start, end = passage.normalized.original(finding.start, finding.end)
    while end < len(text) and unicodedata.category(text[end]) in ("Mn", "Me"):
        end += 1  # the frame of a keycap emoji belongs to its digit
    return PersonalDataSpan(start, end, finding.type, finding.why)


def _closed(normalized: Normalized) -> Normalized:
    """Return the text with one barrier for each stretch of barriers, however long what it stands for is."""
    kept = [
        index
        for index, character in enumerate(normalized.text)
        if character != BARRIER or normalized.text[index - 1 : index] != BARRIER
    ]
    if len(kept) == len(normalized.text):
        return normalized
    return Normalized(
        "".join(normalized.text[index] for index in kept), tuple(normalized.offsets[index] for index in kept)
    )


def _numbers(found: Sequence[_Found], kept: Sequence[re.Match[str]]) -> dict[str, str]:
    """Return the number of each person: none when there is only one; it goes on behind placeholders that were kept."""
    persons = list(dict.fromkeys(one.subject for one in found if one.span.type is PersonalData.PERSON))
    used = [int(match[1] or 1) for match in kept if match[1] is not None]
    first = max(used, default=0) + 1
    if first == 1 and len(persons) == 1:
        return {persons[0]: ""}
    return {person: str(number) for number, person in enumerate(persons, start=first)}


def _assembled(text: str, pieces: Sequence[_Piece]) -> str:
    parts: list[str] = []
    position = 0
    for piece in pieces:
        parts += (_escaped(text[position : piece.start]), piece.text)
        position = piece.end
    return "".join((*parts, _escaped(text[position:])))


def _escaped(text: str) -> str:
    return _TYPED.sub(lambda match: _ESCAPED[match[0]], text)
