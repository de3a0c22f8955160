"""Finds and masks personal data; one module a family of data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from classifiers.maskers.accounts import ChatAccountFinder, EmailFinder
from classifiers.maskers.addresses import AddressFinder
from classifiers.maskers.digits import digits_view
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
from classifiers.normalizer import Normalizer, build_normalizer
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
_PLACEHOLDER = re.compile(rf"〔(?:姓名(\d{{0,3}})|学校(?:·[^〔〕\n]{{1,20}})?|{'|'.join(sorted(set(LABELS.values()) - {'姓名', '学校'}))})〕")
# The year of a document number, 京教人〔2021〕5号, can be no placeholder and stays.
_TYPED = re.compile(r"〔(?!(?:19|20)\d\d〕)|(?<!〔\d\d\d\d)〕")
_ESCAPED = {"〔": "［", "〕": "］"}
_NEAR = 2


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the original and what it becomes."""

    start: int
    end: int
    text: str


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
        passage = self._passage(text, kept)
        findings = settle(finding for finder in self._finders for finding in finder.find(passage) if _is_clear(passage, finding))
        spans = tuple(_span(passage, finding) for finding in findings)
        pieces = [_Piece(match.start(), match.end(), match[0]) for match in kept]
        pieces += self._placeholders(passage, findings, spans, kept)
        masked = _assembled(text, sorted(pieces, key=lambda piece: piece.start))
        if remainder(masked):
            raise MaskingRefusedError
        return MaskedText(masked, spans)

    def _passage(self, text: str, kept: Sequence[re.Match[str]]) -> Passage:
        barred = list(text)
        for match in kept:
            barred[match.start() : match.end()] = BARRIER * (match.end() - match.start())
        normalized = self._normalizer.normalize("".join(barred))
        return Passage(normalized.text, digits_view(normalized.text), normalized.text.lower(), normalized)

    def _placeholders(
        self,
        passage: Passage,
        findings: Sequence[Finding],
        spans: Sequence[PersonalDataSpan],
        kept: Sequence[re.Match[str]],
    ) -> list[_Piece]:
        numbers = _numbers(findings, kept)
        pieces: list[_Piece] = []
        for finding, span in zip(findings, spans, strict=True):
            label = LABELS[finding.type]
            if finding.type is PersonalData.PERSON:
                label += numbers[_who(finding)]
            elif finding.type is PersonalData.SCHOOL:
                district = self._district(passage, finding)
                label += f"·{district}" if district else ""
            pieces.append(_Piece(span.start, span.end, f"〔{label}〕"))
        return pieces

    def _district(self, passage: Passage, finding: Finding) -> str:
        """Return the district that the school's name holds or that stands directly in front of it."""
        name = passage.text[finding.start : finding.end]
        before = passage.text[: finding.start].rstrip("的 ") if finding.start < LONGEST else ""
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
    short = {name[:-1]: district for name, district in named.items() if len(name) > 2 and name[-1] in "区县市旗"}  # noqa: PLR2004 - two characters must remain
    return {**short, **named}


def _is_clear(passage: Passage, finding: Finding) -> bool:
    return BARRIER not in passage.text[finding.start : finding.end]


def _span(passage: Passage, finding: Finding) -> PersonalDataSpan:
    start, end = passage.normalized.original(finding.start, finding.end)
    return PersonalDataSpan(start, end, finding.type, finding.why)


def _who(finding: Finding) -> str:
    return finding.subject


def _numbers(findings: Sequence[Finding], kept: Sequence[re.Match[str]]) -> dict[str, str]:
    """Return the number of each person: none when there is only one; it goes on behind placeholders that were kept."""
    persons = list(dict.fromkeys(_who(finding) for finding in findings if finding.type is PersonalData.PERSON))
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
