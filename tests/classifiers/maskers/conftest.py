"""The finders, reading plain text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from classifiers.maskers.finding import Finder, Passage
from classifiers.maskers.lexicon import Lexicon, load_lexicon
from classifiers.maskers.name_parts import NameParts, load_name_parts
from classifiers.maskers.overlaps import settle
from classifiers.normalizer import Normalizer, build_normalizer


@pytest.fixture(scope="session")
def normalizer() -> Normalizer:
    return build_normalizer()


@pytest.fixture(scope="session")
def parts() -> NameParts:
    return load_name_parts()


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="session")
def found(normalizer: Normalizer) -> Callable[[Finder, str], list[str]]:
    """Return the passages of the original text that a finder finds, settled and in order."""

    def find(finder: Finder, text: str) -> list[str]:
        passage = Passage.of(normalizer.normalize(text))
        ranges = [passage.normalized.original(one.start, one.end) for one in settle(finder.find(passage))]
        return [text[start:end] for start, end in ranges]

    return find
