"""Word lists written as prose in the source."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text that blanks and line ends separate."""
    return tuple(text.split())
