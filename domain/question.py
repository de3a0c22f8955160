"""A statistics question: which weeks, which regions, what was counted."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from domain.period_words import AskedPeriod, Calendar, find_periods
from domain.policy_pack import PolicyPack
from domain.region import Region

_SEPARATORS = " \t\n,，、;；:：/|。.?？!！「」\"'()（）·"
_SUFFIX = re.compile(r"(?:自治州|自治县|新区|地区|街道|[省市区县旗乡镇])$")
_SHORTEST = 2  # characters of a word that may stand for a longer one
_STEM = 4  # letters of an English word that may stand for one it begins
_PIECES = re.compile(r"[^a-z0-9]+")
_LONGEST = 40  # characters of a word looked for inside a longer one
_WHOLE = (
    "全市",
    "全城",
    "全部地区",
    "所有地区",
    "各区",
    "各地区",
    "全部区",
    "whole city",
    "city",
    "districts",
    "all regions",
)
_EVERYTHING = (
    "全部类别",
    "所有类别",
    "各类别",
    "各类",
    "总数",
    "合计",
    "总计",
    "总共",
    "全部",
    "所有",
    "all categories",
    "total",
    "all",
)
_FILLERS = re.compile(
    r"(?:有多少|多少|几个|统计|数据|数字|情况|反映|账号|请问|看看|看一下|查一下|查询|查|怎么样|如何|"
    r"老师|教师|周报|问题|类别|部门|的|了|呢|吗|有|是|在|和|与|及|个|人|次|条)+"
)
_ENGLISH_WORDS = (
    "a accounts an and any are by count for from how in is many me numbers of on please reports show statistics stats "
    "teachers the there to were what"
)
_ENGLISH_FILLERS = frozenset(_ENGLISH_WORDS.split())


class Subject(StrEnum):
    """What a word of a question can mean."""

    REGION = "region"
    ALL = "all"
    CATEGORY = "category"
    GROUP = "group"
    BODY = "body"


_OFFICES = (Subject.REGION, Subject.BODY)  # known by the beginning of their names: 海淀 for 海淀区, 公安 for 公安部门


@dataclass(frozen=True, slots=True, order=True)
class Meaning:
    """One thing a word can mean; `name` is what people read."""

    subject: Subject
    id: str
    name: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: no period means the latest released week, no region the root, no subject everything."""

    periods: tuple[AskedPeriod, ...]
    regions: tuple[str, ...]
    subjects: tuple[Meaning, ...]


class UnclearWordError(ValueError):
    """A word that means nothing (`meanings` is empty) or several things."""

    def __init__(self, word: str, meanings: Sequence[Meaning] = ()) -> None:
        super().__init__("a word of the question is unclear")
        self.word = word
        self.meanings = tuple(meanings)


class Vocabulary:
    """The words by which regions, categories, groups and bodies are asked for.

    A word is looked up as a whole name, then as the beginning of the name of a region or body, as a part of any name,
    as a keyword of a category; the first of these that knows it decides.
    """

    def __init__(self, pack: PolicyPack, regions: Iterable[Region]) -> None:
        self._whole: dict[str, set[Meaning]] = defaultdict(set)
        self._names: dict[Meaning, set[str]] = defaultdict(set)
        self._keywords: dict[str, set[Meaning]] = defaultdict(set)
        for region in regions:
            meaning = Meaning(Subject.REGION, region.id, region.name)
            self._learn(meaning, region.id, region.name, _SUFFIX.sub("", region.name))
            if region.parent is None:
                self._learn(meaning, *_WHOLE)
        self._learn(Meaning(Subject.ALL, "all", ""), *_EVERYTHING)
        for spoken in (pack, *(pack.in_language(language) for language in pack.words)):
            self._learn_pack(spoken)

    def _learn_pack(self, pack: PolicyPack) -> None:
        for group in pack.groups:
            self._learn(Meaning(Subject.GROUP, group.id, group.name), group.id, group.name)
        for category in pack.categories:
            meaning = Meaning(Subject.CATEGORY, category.id, category.short)
            self._learn(meaning, category.id, category.name, category.short)
            for keyword in category.keywords:
                self._keywords[plain(keyword)].add(meaning)
        for body, name in pack.body_names.items():
            self._learn(Meaning(Subject.BODY, body, name), body, name, *name.split("、"))

    def _learn(self, meaning: Meaning, *names: str) -> None:
        for name in {plain(name) for name in names if len(name) >= _SHORTEST}:
            self._whole[name].add(meaning)
            self._names[meaning].add(name)

    @property
    def whole_names(self) -> list[str]:
        """All whole names, longest first."""
        return sorted(self._whole, key=lambda name: (-len(name), name))

    def knows(self, word: str) -> bool:
        """Whether the word is a whole name."""
        return word in self._whole

    def look_up(self, word: str) -> set[Meaning]:
        """Return what a word can mean; empty when nothing."""
        if word in self._whole:
            return self._whole[word]
        if len(word) < _SHORTEST:
            return set()
        beginning = {one for one in self._with(lambda name: name.startswith(word)) if one.subject in _OFFICES}
        return beginning or _plainest(self._with(lambda name: _is_part(word, name))) or self._keywords.get(word, set())

    def _with(self, fits: Callable[[str], bool]) -> set[Meaning]:
        return {meaning for meaning, names in self._names.items() if any(fits(name) for name in names)}


def _is_part(word: str, name: str) -> bool:
    if not word.isascii():
        return word in name
    return any(piece == word or (piece.startswith(word) and len(word) >= _STEM) for piece in _PIECES.split(name))


def _plainest(meanings: set[Meaning]) -> set[Meaning]:
    """Return the one category among groups: whoever writes a part of its name means it."""
    categories = {meaning for meaning in meanings if meaning.subject is Subject.CATEGORY}
    return categories if len(categories) == 1 else meanings


def plain(text: str) -> str:
    """Return text in half width and lower case without outer space: how questions and names are compared."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def read_question(text: str, vocabulary: Vocabulary, calendar: Calendar) -> Question:
    """Return what a question asks.

    Raises:
        UnclearPeriodError: a period that does not exist.
        UnclearWordError: a word that means nothing, or several things.
    """
    rest, periods = find_periods(plain(text), calendar)
    meanings: list[Meaning] = []
    for word in re.split(f"[{re.escape(_SEPARATORS)}]+", _take_phrases(rest, vocabulary, meanings)):
        meanings.extend(_read_word(word, vocabulary))
    unique = list(dict.fromkeys(meanings))
    return Question(
        periods=tuple(periods),
        regions=tuple(meaning.id for meaning in unique if meaning.subject is Subject.REGION),
        subjects=tuple(meaning for meaning in unique if meaning.subject is not Subject.REGION),
    )


def _take_phrases(text: str, vocabulary: Vocabulary, meanings: list[Meaning]) -> str:
    """Take out whole names that a separator would cut, such as `whole city` or names with 、 or brackets."""
    for name in vocabulary.whole_names:
        if any(separator in name for separator in _SEPARATORS) and re.search(_bounded(name), text):
            meanings.append(_certain(name, vocabulary.look_up(name)))
            text = re.sub(_bounded(name), " ", text)
    return text


def _bounded(name: str) -> str:
    return rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" if name.isascii() else re.escape(name)


def _certain(word: str, meanings: set[Meaning]) -> Meaning:
    if len(meanings) != 1:
        raise UnclearWordError(word, sorted(meanings))
    return next(iter(meanings))


def _read_word(word: str, vocabulary: Vocabulary) -> list[Meaning]:
    """Return what one word between separators means; Chinese words may follow each other without a space."""
    if not word or word in _ENGLISH_FILLERS or (_FILLERS.fullmatch(word) and not vocabulary.knows(word)):
        return []
    if whole := vocabulary.look_up(word):
        return [_certain(word, whole)]
    found: list[Meaning] = []
    place = 0
    while place < len(word):
        filler = _FILLERS.match(word, place)
        known = _longest(word, place, vocabulary)
        if known is not None and (filler is None or known > filler.end()):
            piece = word[place:known]
            found.append(_certain(piece, vocabulary.look_up(piece)))
            place = known
        elif filler is not None:
            place = filler.end()
        else:
            raise UnclearWordError(word[place:])
    return found


def _longest(word: str, place: int, vocabulary: Vocabulary) -> int | None:
    """Return where the longest known piece ends that begins here; a piece of an ASCII word is no word."""
    for end in range(min(len(word), place + _LONGEST), place + _SHORTEST - 1, -1):
        cut = _inside_ascii(word, place) or _inside_ascii(word, end)
        if not cut and vocabulary.look_up(word[place:end]):
            return end
    return None


def _inside_ascii(word: str, place: int) -> bool:
    around = word[max(place - 1, 0) : place + 1]
    return len(around) == 2 and around.isascii() and around.isalnum()
