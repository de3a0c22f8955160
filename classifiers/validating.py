"""Figures on writers the classifier never saw: leave one writer out, learning curve (development only)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifiers.classifier import Classifier
from classifiers.evaluating import Figures, evaluate
from classifiers.features import FeatureReader
from classifiers.labelled import Labelled, read_phrases
from classifiers.training import Lesson, learn_all
from domain.classification import Classification
from domain.policy_pack import PolicyPack


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Figures after learning from the first `messages` messages of the writers in a fixed shuffled order."""

    messages: int
    writers: int
    figures: Figures


class Validator:
    """Learns from some writers and classifies others, as often as asked; texts are read once."""

    def __init__(self, messages: Sequence[Labelled], *, reader: FeatureReader, pack: PolicyPack) -> None:
        self._messages = messages
        self._readings = [reader.read(one.text) for one in messages]
        self._reader = reader
        self._pack = pack
        self._phrases = [(one, reader.read(one.text)) for one in read_phrases(pack.id)]

    def leave_one_writer_out(self, *, folds: int | None = None) -> tuple[Figures, tuple[Classification, ...]]:
        """Return figures and readings where each message is read by a classifier that knew nothing of its writer.

        `folds` leaves out several writers at a time, so that fewer classifiers are learned; None leaves out one.
        """
        read: dict[int, Classification] = {}
        for left_out in self._folds(folds):
            classifier = self._learned([i for i, one in enumerate(self._messages) if one.writer not in left_out])
            for index, one in enumerate(self._messages):
                if one.writer in left_out:
                    read[index] = classifier.judge(self._readings[index])
        readings = tuple(read[index] for index in range(len(self._messages)))
        return evaluate(self._messages, readings, categories=tuple(self._pack.category_by_id)), readings

    def learning_curve(self, sizes: Sequence[int], unseen: Sequence[Labelled]) -> Iterator[CurvePoint]:
        """Yield figures on messages of other writers after learning from ever more writers."""
        readings = [self._reader.read(one.text) for one in unseen]
        order = sorted({one.writer for one in self._messages}, key=_shuffled)
        for size in sizes:
            ranked = sorted(range(len(self._messages)), key=lambda i: (order.index(self._messages[i].writer), i))[:size]
            classifier = self._learned(ranked)
            figures = evaluate(
                unseen,
                [classifier.judge(reading) for reading in readings],
                categories=tuple(self._pack.category_by_id),
            )
            yield CurvePoint(len(ranked), len({self._messages[i].writer for i in ranked}), figures)

    def _learned(self, chosen: Sequence[int]) -> Classifier:
        models = learn_all(
            Lesson(
                [self._messages[index] for index in chosen], [self._readings[index] for index in chosen], self._phrases
            ),
            categories=tuple(self._pack.category_by_id),
            learned_from={},
        )
        return Classifier(pack=self._pack, reader=self._reader, models=models)

    def _folds(self, folds: int | None) -> list[set[str]]:
        writers = sorted({one.writer for one in self._messages}, key=_shuffled)
        count = min(folds or len(writers), len(writers))
        return [set(writers[start::count]) for start in range(count)]


def _shuffled(writer: str) -> str:
    return hashlib.sha256(writer.encode()).hexdigest()
