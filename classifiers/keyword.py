"""Finds keywords and patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeAlias

import ahocorasick

from domain.errors import PolicyPackError

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PatternBook:
    """A pack's concepts (families of expressions, by name) and rules (regular expressions, by name).

    `folds` are words that are read as another word of the same length.
    """

    version: str
    concepts: Mapping[str, tuple[str, ...]]
    rules: Mapping[str, re.Pattern[str]]
    folds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """Where keywords, concepts and rules stand in a text: positions by name, in order; names are sorted out by kind."""

    keywords: Mapping[str, tuple[Span, ...]]
    concepts: Mapping[str, tuple[Span, ...]]
    rules: Mapping[str, tuple[Span, ...]]


def load_patterns(pack: str = "cn2021") -> PatternBook:
    """Read the pattern file of a pack.

    Raises:
        PolicyPackError: the file is missing, or a concept or rule in it is not usable; names it.
    """
    return read_patterns(files("classifiers.packs").joinpath(pack, "patterns.toml"))


def read_patterns(path: Traversable) -> PatternBook:
    """Read one pattern file; raises PolicyPackError."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        concepts = {name: tuple(dict.fromkeys(words.split())) for name, words in raw["concepts"].items()}
        version, rules = str(raw["version"]), {name: _compiled(path, name, rule) for name, rule in raw["rules"].items()}
        folds = {str(word): str(other) for word, other in raw["folds"].items()}
    except OSError as error:
        raise PolicyPackError(f"{path}: the pattern file cannot be read.") from error
    except (tomllib.TOMLDecodeError, KeyError, AttributeError) as error:
        raise PolicyPackError(f"{path}: not a pattern file with version, [concepts], [folds] and [rules].") from error
    if both := concepts.keys() & rules.keys():
        raise PolicyPackError(f"{path}: concept and rule of the same name: {', '.join(sorted(both))}.")
    if empty := [name for name, words in concepts.items() if not words]:
        raise PolicyPackError(f"{path}: concepts without a word: {', '.join(empty)}.")
    if uneven := [word for word, other in folds.items() if len(word) != len(other)]:
        raise PolicyPackError(f"{path}: folds to a word of another length: {', '.join(uneven)}.")
    return PatternBook(version, concepts, rules, folds)


def _compiled(path: Traversable, name: str, rule: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(rule)
    except (re.error, TypeError) as error:
        raise PolicyPackError(f"{path}: rule {name} is not a regular expression.") from error
    if pattern.match(""):
        raise PolicyPackError(f"{path}: rule {name} matches the empty text, so it would always be found.")
    return pattern


class KeywordFinder:
    """Finds the words of many lists in one pass, and the rules one by one.

    `keywords` are the pack's words by category id. Texts must be normalised (half width, simplified, lower case).
    """

    def __init__(self, *, keywords: Mapping[str, Iterable[str]], patterns: PatternBook) -> None:
        self._rules = tuple(patterns.rules.items())
        owners: dict[str, list[tuple[bool, str]]] = {}
        for is_concept, lists in ((False, keywords), (True, patterns.concepts)):
            for name, words in lists.items():
                for word in words:
                    owners.setdefault(word.lower(), []).append((is_concept, name))
        self._automaton = ahocorasick.Automaton()
        for word, names in owners.items():
            self._automaton.add_word(word, (len(word), tuple(names)))
        self._words = frozenset(owners)
        if owners:
            self._automaton.make_automaton()

    @property
    def words(self) -> frozenset[str]:
        """Every word that is looked for."""
        return self._words

    def find(self, text: str) -> Found:
        """Return where each keyword list, concept and rule is found."""
        keywords: dict[str, list[Span]] = {}
        concepts: dict[str, list[Span]] = {}
        if self._words:
            for last, (length, names) in self._automaton.iter(text):
                for is_concept, name in names:
                    (concepts if is_concept else keywords).setdefault(name, []).append((last + 1 - length, last + 1))
        rules = {name: match.span() for name, rule in self._rules if (match := rule.search(text))}
        return Found(
            {name: tuple(spans) for name, spans in keywords.items()},
            {name: tuple(spans) for name, spans in concepts.items()},
            {name: (span,) for name, span in rules.items()},
        )
