"""Cuts a long text into parts a platform takes, at the ends of paragraphs, lines or sentences where it can."""

from __future__ import annotations

_ENDS = ("\n\n", "\n", "。", "！", "？", "；", ". ", "，", " ")
_LEAST_FILL = 2  # a part cut at a better place is at least half full


def utf16_units(text: str) -> int:
    """Return the length as Telegram counts it."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def well_formed(text: str) -> str:
    """Return the text without lone surrogates, which no platform and no file can carry."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def split(text: str, *, limit: int) -> list[str]:
    """Return parts of at most `limit` UTF-16 units whose joined text is `text`; never cuts a character.

    Parts are cut at the end of a paragraph, else of a line, else of a sentence or word, if that leaves the part at
    least half full; else at the last character that fits. `limit` is at least 2.
    """
    parts = []
    rest = text
    while utf16_units(rest) > limit:
        end = _end(rest, limit)
        parts.append(rest[:end])
        rest = rest[end:]
    parts.append(rest)
    return parts


def _end(text: str, limit: int) -> int:
    """Return where the first part ends, in characters."""
    units = 0
    most = 0
    for character in text:
        units += 1 + (ord(character) > 0xFFFF)
        if units > limit:
            break
        most += 1
    for mark in _ENDS:
        place = text.rfind(mark, most // _LEAST_FILL, most)
        if place != -1:
            return place + len(mark)
    return most
