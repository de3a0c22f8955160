"""Finds names of persons: reads each clause as words and names, whichever is likelier."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.maskers.finding import Finding, Passage
from classifiers.maskers.lexicon import Lexicon
from classifiers.maskers.name_arcs import Arc, NameArcs, Surroundings
from classifiers.maskers.name_parts import NameParts
from domain.masked_text import PersonalData

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_YEAR = re.compile(r"〔\d{4}〕")
_SURNAME_ONLY = re.compile(
    r"(?:(?<=[我她他你您俺个位人师长任是也家叔哥公婆姐事本])|(?<![\u4e00-\u9fff]))姓(?=[\u4e00-\u9fff])"
)
_SURNAME_STOP = re.compile(r"[^\u4e00-\u9fff]|$|的|名|,")
_LISTED_BEFORE = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|[向由找叫是给和与跟请让])(?![向由找叫是给和与跟请让])([\u4e00-\u9fff]{2,3})[、/ ]$"
)
_LISTED_AFTER = re.compile(
    r"(?:老师|同学)?[、/ 和与跟及]([\u4e00-\u9fff]{2,3})(?=[^\u4e00-\u9fff]|$|等|[两三四几]位|都|老师|和|的)"
)
_MOST_REPEATED = 200
_SURE_SURNAME = 9.0


class PersonFinder:
    """Finds names by the cheapest reading of a text as ordinary words and names (bits: rarer is dearer)."""

    def __init__(self, parts: NameParts, lexicon: Lexicon) -> None:
        self._parts = parts
        self._lexicon = lexicon
        self._arcs = NameArcs(parts, lexicon)

    def find(self, passage: Passage) -> Iterator[Finding]:
        """Return the names found, and the places where a full name found comes again."""
        names: dict[str, None] = {}
        found: list[Finding] = []
        for run in _HAN_RUN.finditer(passage.text):
            if _YEAR.match(passage.text, run.end()):
                continue  # 鲁教基〔2020〕12号
            around = Surroundings(passage.before(run.start()), passage.after(run.end()))
            for arc in self._read(run[0], around):
                finding = _person(run.start() + arc.start, run.start() + arc.end, arc.why, passage)
                if arc.why in ("surname and given name", "minority name"):
                    names[finding.subject] = None
                    found.append(finding)
                yield finding
        for finding in self._listed(passage, found):
            names[finding.subject] = None
            yield finding
        yield from self._surnames(passage)
        yield from self._repeated(passage, list(names)[:_MOST_REPEATED])

    def _read(self, text: str, around: Surroundings) -> list[Arc]:
        """Return the names of the cheapest reading; a bounded number of arcs per character."""
        best: list[float] = [0.0] + [float("inf")] * len(text)
        step: list[tuple[int, Arc | None]] = [(0, None)] * (len(text) + 1)
        for start in range(len(text)):
            for end, cost, arc in self._choices(text, start, around):
                if best[start] + cost < best[end]:
                    best[end] = best[start] + cost
                    step[end] = (start, arc)
        found: list[Arc] = []
        position = len(text)
        while position:
            position, arc = step[position]
            if arc is not None:
                found.append(arc)
        return found[::-1]

    def _choices(self, text: str, start: int, around: Surroundings) -> Iterator[tuple[int, float, Arc | None]]:
        for end in range(start + 1, min(len(text), start + self._lexicon.longest) + 1):
            cost = self._lexicon.cost(text[start:end])
            if cost is not None:
                yield end, cost, None
        for arc in self._arcs.at(text, start, around):
            yield arc.to, max(arc.cost, 1.0), arc

    def _surnames(self, passage: Passage) -> Iterator[Finding]:
        """我姓佘: a surname behind the word 姓."""
        for match in _SURNAME_ONLY.finditer(passage.text):
            for length in (2, 1):
                surname = passage.text[match.end() : match.end() + length]
                known = self._parts.surnames.get(surname, 99.0)
                if (
                    len(surname) == length
                    and known <= _SURE_SURNAME + 3
                    and _SURNAME_STOP.match(passage.text, match.end() + length)
                ):
                    yield _person(match.end(), match.end() + length, "surname behind 姓", passage)
                    break

    def _listed(self, passage: Passage, found: list[Finding]) -> Iterator[Finding]:
        """高明、石磊: what stands beside a name in a list and is made like a name is one too."""
        for finding in found:
            for match in (
                _LISTED_BEFORE.search(passage.before(finding.start, 5)),
                _LISTED_AFTER.match(passage.after(finding.end, 8)),
            ):
                if match and self._is_name(match[1]):
                    start = (max(0, finding.start - 5) if match.re is _LISTED_BEFORE else finding.end) + match.start(1)
                    yield _person(start, start + len(match[1]), "name in a list of names", passage)

    def _is_name(self, text: str) -> bool:
        known = self._parts.surnames.get(text[0], 99.0) <= _SURE_SURNAME
        return (
            known
            and text[0] not in self._parts.particles
            and all(character in self._parts.given for character in text[1:])
        )

    def _repeated(self, passage: Passage, names: list[str]) -> Iterator[Finding]:
        for name in names:
            again = [name]
            if len(name) == 3 and name[1:] not in self._lexicon:
                again.append(name[1:])
            for part in again:
                position = passage.text.find(part)
                while position >= 0:
                    yield Finding(
                        position, position + len(part), PersonalData.PERSON, "name that stands elsewhere", 8, name
                    )
                    position = passage.text.find(part, position + len(part))


def _person(start: int, end: int, why: str, passage: Passage) -> Finding:
    return Finding(start, end, PersonalData.PERSON, why, rank=7, subject=passage.text[start:end])
