"""Fixtures for the classifier: built once, with the weights that are shipped."""

from __future__ import annotations

import pytest

from classifiers.classifier import Classifier, build_classifier, build_reader
from classifiers.features import FeatureReader
from classifiers.keyword import PatternBook, load_patterns
from classifiers.labelled import Labelled, read_corpus
from classifiers.pack_loader import load_pack
from domain.policy_pack import PolicyPack


@pytest.fixture(scope="session")
def pack() -> PolicyPack:
    """The built-in policy pack."""
    return load_pack()


@pytest.fixture(scope="session")
def patterns(pack: PolicyPack) -> PatternBook:
    """The built-in concepts, rules and folds."""
    return load_patterns(pack.id)


@pytest.fixture(scope="session")
def reader(pack: PolicyPack, patterns: PatternBook) -> FeatureReader:
    """What turns texts into features."""
    return build_reader(pack, patterns)


@pytest.fixture(scope="session")
def classifier(pack: PolicyPack) -> Classifier:
    """The classifier as it is shipped."""
    return build_classifier(pack)


@pytest.fixture(scope="session")
def few(pack: PolicyPack) -> tuple[Labelled, ...]:
    """Every fourth training message of four writers: enough to learn from in a moment."""
    messages = read_corpus("training")
    writers = sorted({one.writer for one in messages})[:4]
    return tuple(one for one in messages if one.writer in writers)[::2]
