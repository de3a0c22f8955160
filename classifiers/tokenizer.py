"""Owns the only jieba tokenizer."""

from __future__ import annotations

import hashlib
import marshal
import os
import tempfile
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

with warnings.catch_warnings():
    # jieba's own source has escapes that newer Pythons warn of when they compile it.
    warnings.simplefilter("ignore")
    import jieba

_CACHE_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `start`..`end` of the text that was cut."""

    text: str
    start: int
    end: int


class Tokenizer:
    """Cuts text into words with a private jieba tokenizer, always the same way.

    jieba's guessing of unknown words (HMM) is off: characters no word covers stay alone. `words` are added to the
    dictionary. The parsed dictionary is kept in `cache_dir` when one is given and can be written to; without it the
    dictionary is read anew (about half a second). Nothing is written anywhere else.
    """

    def __init__(self, *, words: Iterable[str] = (), cache_dir: Path | None = None) -> None:
        self._jieba = jieba.Tokenizer()
        self._jieba.FREQ, self._jieba.total = _dictionary(self._jieba, cache_dir)
        self._jieba.initialized = True
        for word in sorted(set(words)):
            self._jieba.add_word(word)

    def cut(self, text: str) -> list[Word]:
        """Return the words of a text in their order, gap-free, with their positions."""
        return [Word(text[start:end], start, end) for start, end in self.spans(text)]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where each word of a text starts and ends."""
        found: list[tuple[int, int]] = []
        position = 0
        for word in self._jieba.cut(text, HMM=False):
            found.append((position, position + len(word)))
            position += len(word)
        return found


def _dictionary(tokenizer: jieba.Tokenizer, cache_dir: Path | None) -> tuple[dict[str, int], int]:
    source = tokenizer.get_dict_file()
    size = os.fstat(source.fileno()).st_size
    digest = hashlib.sha256(f"{_CACHE_FORMAT}:{jieba.__version__}:{size}".encode()).hexdigest()[:16]
    cache = cache_dir / f"jieba-{digest}.cache" if cache_dir else None
    with source:
        kept = _read(cache) if cache else None
        if kept is None:
            kept = cast("tuple[dict[str, int], int]", tokenizer.gen_pfdict(source))
            if cache:
                _write(cache, kept)
    return kept


def _read(cache: Path) -> tuple[dict[str, int], int] | None:
    try:
        words, total = marshal.loads(cache.read_bytes())  # noqa: S302 - our own folder; marshal builds plain values only
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return (words, total) if isinstance(words, dict) and isinstance(total, int) else None


def _write(cache: Path, kept: tuple[dict[str, int], int]) -> None:
    """Keep the dictionary for the next start; a folder that cannot be written to is no failure."""
    try:
        cache.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=cache.parent)
        with os.fdopen(handle, "wb") as file:
            marshal.dump(kept, file)
        Path(name).replace(cache)
    except OSError:
        return
