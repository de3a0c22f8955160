"""The receipt: the only way back to a report.

Twenty symbols of a 31-symbol alphabet without look-alikes (no 0 1 I L O). Eighteen carry log2(31^18) > 89 bits;
the last two make it a Reed-Solomon code over the field of 31 elements (Reed and Solomon, 1960), so that any one
or two wrong symbols, and any swap of two neighbours, are noticed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RANDOM_SYMBOLS = 18
_LENGTH = RANDOM_SYMBOLS + 2
_FIELD = len(ALPHABET)
_ROOT = 3  # generates the multiplicative group modulo 31
_SEPARATORS = frozenset("-_—–‐‑‒―−·. \t\r\n\u200b\u2060\ufeff")
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_PLACE = re.compile(
    rf"(?<![A-Z0-9])(?=([A-Z0-9](?:[{re.escape(''.join(sorted(_SEPARATORS)))}]*[A-Z0-9]){{{_LENGTH - 1}}})(?![A-Z0-9]))"
)
_SLIPS_AT_MOST = 3  # symbols left out or typed twice
_FEWEST_LETTERS = 5  # of 20 random symbols about 15 are letters; numbers of cards and telephones have none


def _syndromes(values: Sequence[int]) -> tuple[int, int]:
    return (
        sum(values) % _FIELD,
        sum(value * pow(_ROOT, place, _FIELD) for place, value in enumerate(values)) % _FIELD,
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt code; its text never appears in a repr, so that no log can hold it.

    Raises:
        ValueError: the code is not a receipt: wrong length, unknown symbol or a typing error.
    """

    code: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a code with a typing error."""
        if len(self.code) != _LENGTH or any(symbol not in _VALUE for symbol in self.code):
            raise ValueError("a receipt has 20 letters and digits")
        if _syndromes([_VALUE[symbol] for symbol in self.code]) != (0, 0):
            raise ValueError("the receipt has a typing error")

    @classmethod
    def issue(cls, chance: Sequence[int]) -> Self:
        """Make a receipt of 18 independent random numbers 0..30."""
        if len(chance) != RANDOM_SYMBOLS or any(not 0 <= value < _FIELD for value in chance):
            raise ValueError("a receipt is made of 18 numbers from 0 to 30")
        total, weighted = _syndromes(chance)
        # Solve a + b = -total and a r^18 + b r^19 = -weighted for the two check symbols.
        low, high = pow(_ROOT, RANDOM_SYMBOLS, _FIELD), pow(_ROOT, RANDOM_SYMBOLS + 1, _FIELD)
        last = (-weighted + total * low) * pow(high - low, -1, _FIELD) % _FIELD
        first = (-total - last) % _FIELD
        return cls("".join(ALPHABET[value] for value in (*chance, first, last)))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a receipt as people type it: any case, full width, spaces and dashes; raises ValueError otherwise."""
        plain = unicodedata.normalize("NFKC", text).upper()
        return cls("".join(symbol for symbol in plain if symbol not in _SEPARATORS))

    def __str__(self) -> str:
        return "-".join(self.code[place : place + 5] for place in range(0, _LENGTH, 5))


def receipt_in(text: str) -> Receipt | None:
    """Return the receipt that stands in a text, such as a copied answer; None when there is none."""
    for match in _PLACE.finditer(unicodedata.normalize("NFKC", text).upper()):
        try:
            return Receipt.parse(match[1])
        except ValueError:
            continue
    return None


def resembles_receipt(text: str) -> bool:
    """Whether a text is nothing but a receipt with slips of the finger."""
    plain = unicodedata.normalize("NFKC", text).upper()
    symbols = [symbol for symbol in plain if symbol not in _SEPARATORS]
    letters = sum(symbol.isalpha() for symbol in symbols)
    return (
        abs(len(symbols) - _LENGTH) <= _SLIPS_AT_MOST
        and all(symbol.isascii() and symbol.isalnum() for symbol in symbols)
        and _FEWEST_LETTERS <= letters < len(symbols)
    )
