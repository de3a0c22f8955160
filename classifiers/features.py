"""Turns a text into the features that carry weights, each with its position."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from classifiers.keyword import Found, KeywordFinder, Span
from classifiers.normalizer import Normalized, Normalizer
from classifiers.tokenizer import Tokenizer

LONGEST_READ = 2000
"""Characters of a message that are read; what a report is about stands long before."""

GRAMS = "g"
WORDS = "w"
CONCEPTS = "c"
PAIRS = "p"
RULES = "r"
KEYWORDS = "k"
BLOCKS = (GRAMS, WORDS, CONCEPTS, PAIRS, RULES, KEYWORDS)

_LONGEST_GRAM = 4
_PLACEHOLDER = re.compile(r"〔[^〕]{0,20}〕")
_COUNT = re.compile(
    r"\d+|[一二两俩三四五六七八九十几百千万]+(?=[个份张次遍回趟拨户人名位节门科班条家天年月点字页块元条本套篇场道题分])"
)
_NOT_READ = re.compile(r"[^\w?]|_")
_PIECE = re.compile(r"[^,]+")
_BODY = "body_"
_DEMANDS = re.compile(r"[^。!?,;]{0,6}?(要|让|叫|喊|派|抽|发|催|规定|通知|来|查|借|安排|布置|打电话|组织|下)")
_START, _END = "^", "$"


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with its features: name -> first place in the normalised text, by block.

    Blocks: `g` runs of one to four characters, `w` words and pairs of neighbouring words, `c` concepts, `p` pairs of
    concepts, `r` rules, `k` categories of which the pack's keywords occur. `text` is what was read.
    """

    normalized: Normalized
    text: str
    blocks: dict[str, dict[str, Span]]

    def original(self, span: Span) -> Span:
        """Return the place in the original text."""
        return self.normalized.original(*span)


class FeatureReader:
    """Reads the features of a text; the same text always gives the same features."""

    def __init__(
        self, *, normalizer: Normalizer, tokenizer: Tokenizer, finder: KeywordFinder, folds: Mapping[str, str]
    ) -> None:
        self._normalizer = normalizer
        self._tokenizer = tokenizer
        self._finder = finder
        self._folds = dict(folds)
        longest_first = sorted(folds, key=lambda word: (-len(word), word))
        self._folded = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def read(self, text: str) -> Reading:
        """Return the features of the first LONGEST_READ characters of a text."""
        normalized = self._normalizer.normalize(text[:LONGEST_READ])
        plain = _lower(normalized.text)
        # What was masked must not speak for or against anything.
        plain = _PLACEHOLDER.sub(lambda found: "," * len(found.group()), plain)
        found = self._finder.find(plain)
        simple = self._folded.sub(lambda found: self._folds[found.group()], plain)
        simple = _COUNT.sub(lambda found: "0" * len(found.group()), simple)
        simple = _NOT_READ.sub(",", simple)
        blocks = {
            GRAMS: _grams(simple),
            WORDS: _words(simple, self._tokenizer.spans(simple)),
            CONCEPTS: {name: spans[0] for name, spans in found.concepts.items()},
            PAIRS: _pairs(found),
            RULES: _rules(plain, found),
            KEYWORDS: {name: spans[0] for name, spans in found.keywords.items()},
        }
        return Reading(normalized, plain, blocks)


def _lower(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _grams(text: str) -> dict[str, Span]:
    """Return the runs of characters without punctuation; `^` and `$` mark where the text begins and ends."""
    grams: dict[str, Span] = {}
    for piece in _PIECE.finditer(text):
        start, end = piece.span()
        for first in range(start, end):
            for last in range(first + 1, min(first + _LONGEST_GRAM, end) + 1):
                grams.setdefault(text[first:last], (first, last))
    read = list(_PIECE.finditer(text))
    if read:
        first, last = read[0].start(), read[-1].end()
        for length in (1, 2, 3):
            grams[_START + text[first : first + length]] = (first, min(first + length, len(text)))
            begin = max(last - length, 0)
            grams[text[begin:last] + _END] = (begin, last)
    return grams


def _words(text: str, spans: list[Span]) -> dict[str, Span]:
    words: dict[str, Span] = {}
    read = [(start, end) for start, end in spans if text[start] != ","]
    for start, end in read:
        words.setdefault(text[start:end], (start, end))
    for (start, middle), (begin, end) in pairwise(read):
        if middle == begin:
            words.setdefault(f"{text[start:middle]}|{text[begin:end]}", (start, end))
    return words


def _rules(text: str, found: Found) -> dict[str, Span]:
    """Return the rules, and of the bodies named: which comes first, which of them asks, whether it is the only one."""
    rules = {name: spans[0] for name, spans in found.rules.items()}
    bodies = sorted((span, name) for name, span in rules.items() if name.startswith(_BODY))
    if bodies:
        rules[f"first_{bodies[0][1]}"] = bodies[0][0]
        if len(bodies) == 1:
            rules[f"only_{bodies[0][1]}"] = bodies[0][0]
    for span, name in bodies:
        if _DEMANDS.match(text, span[1]):
            rules[f"asking_{name}"] = span
    return rules


def _pairs(found: Found) -> dict[str, Span]:
    """Return which two concepts occur together; the place is that of the first."""
    names = sorted(found.concepts)
    return {f"{one}+{other}": found.concepts[one][0] for index, one in enumerate(names) for other in names[index + 1 :]}
