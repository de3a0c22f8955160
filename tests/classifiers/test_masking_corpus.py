"""The labelled messages are right, and masking reaches its goals on them."""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import pairwise

import pytest

from classifiers.masking import build_masker
from classifiers.masking_figures import LabelledMessage, MaskingFigures, measure

_FOLDER = files("classifiers").joinpath("corpus", "masking")


def _messages() -> list[LabelledMessage]:
    names = sorted(path.name for path in _FOLDER.iterdir() if path.name.endswith(".jsonl"))
    lines = [line for name in names for line in _FOLDER.joinpath(name).read_text(encoding="utf-8").splitlines()]
    return [LabelledMessage.read(json.loads(line)) for line in lines]


@pytest.fixture(scope="module")
def figures() -> MaskingFigures:
    return measure(_messages(), build_masker().mask)


def test_labels_stand_in_their_messages() -> None:
    """Ids are unique, each message has its writer, and spans stand in order without overlap."""
    messages = _messages()
    assert len({message.id for message in messages}) == len(messages) >= 240
    assert len({message.writer for message in messages}) >= 6
    assert all(first[1] <= second[0] for message in messages for first, second in pairwise(message.spans))


def test_a_third_of_the_messages_is_without_personal_data(figures: MaskingFigures) -> None:
    """Hard negatives are as many as false alarms need to show."""
    assert figures.impersonal >= figures.messages / 3


def test_masking_reaches_its_goals(figures: MaskingFigures) -> None:
    """Recall and restraint on our own messages do not fall below the goals."""
    assert figures.structured.share >= 0.98
    assert figures.persons.share >= 0.94
    assert figures.places.share >= 0.95
    assert figures.outside_share <= 0.01
    assert figures.untouched_share >= 0.97
    assert figures.refused == 0
