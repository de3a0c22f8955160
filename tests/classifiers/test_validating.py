"""Tests of the figures on unseen writers."""

from __future__ import annotations

import pytest

from classifiers.features import FeatureReader
from classifiers.labelled import Labelled, read_corpus
from classifiers.validating import Validator
from domain.policy_pack import PolicyPack


@pytest.fixture(scope="module")
def validator(few: tuple[Labelled, ...], reader: FeatureReader, pack: PolicyPack) -> Validator:
    return Validator(few, reader=reader, pack=pack)


@pytest.mark.long
def test_every_message_is_read_by_who_did_not_know_its_writer(validator: Validator, few: tuple[Labelled, ...]) -> None:
    """All messages are read; figures on unseen writers are worse than on what was learned, better than guessing."""
    figures, readings = validator.leave_one_writer_out()
    assert len(readings) == figures.messages == len(few)
    assert 0.2 < figures.top1 < 0.95


def test_folds_leave_out_several_writers(validator: Validator) -> None:
    """With two folds of four writers, two are left out at a time."""
    figures, _ = validator.leave_one_writer_out(folds=2)
    assert figures.top1 > 0.2


@pytest.mark.long
def test_the_learning_curve_grows_with_the_messages(validator: Validator, few: tuple[Labelled, ...]) -> None:
    """Each point has learned from more messages than the one before."""
    points = list(validator.learning_curve([30, len(few)], read_corpus("development")[:120]))
    assert [point.messages for point in points] == [30, len(few)]
    assert points[0].writers < points[1].writers
    assert all(point.figures.messages == 120 for point in points)
