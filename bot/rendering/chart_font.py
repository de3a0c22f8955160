"""Finds an installed font that has every character a chart may need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

NO_FONT = (
    "Charts need a font with Chinese characters and none is installed; install one, for example with: "
    "apt-get install fonts-noto-cjk (text digests work without)."
)

# Looked at first, in this order: fonts that read well when small.
_PREFERRED = (
    "notosanscjk",
    "notosanssc",
    "sourcehansans",
    "pingfang",
    "msyh",
    "wqy-microhei",
    "wqy-zenhei",
    "simhei",
    "droidsansfallback",
)
_PLACEHOLDERS = "lastresort"  # shows a box for every character, so it would seem to have all of them


@dataclass(frozen=True, slots=True)
class ChartFont:
    """A font file that has all characters that were asked for."""

    path: Path


def find_chart_font(needed: Iterable[str], files: Iterable[str] | None = None) -> ChartFont | None:
    """Return the first fitting font of the installed ones (or of `files`); None when no font has all of `needed`.

    With None, tell the operator `NO_FONT`.
    """
    characters = {ord(character) for text in needed for character in text if not character.isspace()}
    found = font_manager.findSystemFonts() if files is None else files
    for file in sorted(found, key=_rank):
        if _PLACEHOLDERS not in _plain(file) and characters <= _characters(file):
            return ChartFont(Path(file))
    return None


def _plain(file: str) -> str:
    return Path(file).name.casefold().replace(" ", "").replace("_", "")


def _rank(file: str) -> tuple[int, bool, str]:
    name = _plain(file)
    place = next((place for place, start in enumerate(_PREFERRED) if name.startswith(start)), len(_PREFERRED))
    return place, "regular" not in name, file


def _characters(file: str) -> set[int]:
    try:
        return set(FT2Font(file).get_charmap())
    except (OSError, RuntimeError):  # a damaged or unsupported font file
        return set()
