"""Width, script, spacing, emoji, look-alikes; keeps offsets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from opencc import OpenCC

# A list's ① must not become a digit of the number behind it, so these keep their form.
_KEPT = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_DASHES = "‐‑‒–﹣－−"
_LOOK_ALIKES = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys("•∙⋅・‧᛫●", "·"),
    **dict(zip("АВЕКМНОРСТХаеорсху", "ABEKMHOPCTXaeopcxy", strict=True)),
    **dict(zip("ΑΒΕΗΙΚΜΝΟΡΤΧο", "ABEHIKMNOPTXo", strict=True)),
    "\t": " ",
    "\r": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
}
# Cc and Cf: control, zero-width, direction; Mn: combining marks, variation selectors, keycaps; the Hangul
# fillers and the blank Braille cell are letters and symbols that show nothing.
_INVISIBLE = frozenset({"Cc", "Cf", "Mn", "Me", "Co", "Cn", "Cs"})
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_HAN = "\u3400-\u9fff"
_SPACED = re.compile(rf"(?<![{_HAN}])[{_HAN}](?:[ *_~|.]{{1,2}}[{_HAN}](?![{_HAN}])){{2,}}")
_SPACER = re.compile(r"[ *_~|.]+")


@dataclass(frozen=True, slots=True)
class Normalized:
    """A text in one width and script; `offsets[i]` is where its character i stood in the original (start, end)."""

    text: str
    offsets: tuple[tuple[int, int], ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the original that `start`..`end` (not empty) came from."""
        return self.offsets[start][0], self.offsets[end - 1][1]


class Normalizer:
    """Brings a text into one form; the same text always gives the same result.

    `to_simplified` turns traditional into simplified characters.
    """

    def __init__(self, to_simplified: Callable[[str], str]) -> None:
        self._to_simplified = to_simplified

    def normalize(self, text: str) -> Normalized:
        """Return NFKC text in simplified characters, without invisible characters and without spaced-out words."""
        pieces: list[str] = []
        offsets: list[tuple[int, int]] = []
        for position, character in enumerate(text):
            plain = _plain(character)
            pieces.append(plain)
            offsets.extend([(position, position + 1)] * len(plain))
        return _closed_up(self._simplified("".join(pieces)), offsets)

    def _simplified(self, text: str) -> str:
        converted = self._to_simplified(text)
        if len(converted) == len(text):
            return converted
        # A phrase changed its length: offsets matter more than the better phrase.
        single = [self._to_simplified(character) for character in text]
        return "".join(new if len(new) == 1 else old for new, old in zip(single, text, strict=True))


def build_normalizer() -> Normalizer:
    """Build a normalizer with its own OpenCC converter (reads OpenCC's tables once)."""
    return Normalizer(OpenCC("t2s").convert)


def _plain(character: str) -> str:
    if character in _KEPT or character == "\n":
        return character
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    if character.isascii():
        return character if character.isprintable() else ""
    if character in _BLANKS or unicodedata.category(character) in _INVISIBLE:
        return ""
    plain = unicodedata.normalize("NFKC", character)
    return " " if plain.isspace() else plain


def _closed_up(text: str, offsets: list[tuple[int, int]]) -> Normalized:
    """Drop the separators of words written one character at a time (填 表 打 卡)."""
    dropped: set[int] = set()
    for word in _SPACED.finditer(text):
        for spacer in _SPACER.finditer(text, word.start(), word.end()):
            dropped.update(range(spacer.start(), spacer.end()))
    kept = [index for index in range(len(text)) if index not in dropped]
    return Normalized("".join(text[index] for index in kept), tuple(offsets[index] for index in kept))
