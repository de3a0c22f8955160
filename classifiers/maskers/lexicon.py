"""The words of ordinary Chinese and how many bits each costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

_TOTAL_BITS = 25.8  # base-2 logarithm of all counts in the dictionary the words come from
_UNKNOWN = 19.0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Bits a word costs; a single character that is no word costs most."""

    costs: Mapping[str, float]
    longest: int

    def __contains__(self, word: str) -> bool:
        """Whether this is a word of two or more characters."""
        return len(word) > 1 and word in self.costs

    def cost(self, word: str) -> float | None:
        """Return the bits of a word, of any single character, or None for what is no word."""
        return self.costs.get(word, _UNKNOWN if len(word) == 1 else None)


def load_lexicon() -> Lexicon:
    """Read the words that ship beside this module."""
    folder = files("classifiers.maskers")
    costs: dict[str, float] = {}
    for name in ("words.txt", "more_words.txt"):
        for line in folder.joinpath(name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                bits, words = line.split("\t")
                for word in words.split():
                    costs[word] = min(costs.get(word, _UNKNOWN), _TOTAL_BITS - int(bits))
    return Lexicon(costs, max(map(len, costs)))
