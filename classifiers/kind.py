"""Evidence -> kind."""

from __future__ import annotations

from classifiers.features import GRAMS, Reading
from classifiers.linear import LinearModel
from domain.classification import Evidence, Kind

_LEAST_TO_READ = 2  # letters or digits; nobody reports a burden in a single character


class KindClassifier:
    """Says what a message is; a text with next to nothing to read is chat."""

    def __init__(self, model: LinearModel) -> None:
        self._model = model

    def decide(self, reading: Reading) -> Kind:
        """Return the kind with the highest score; `report` gets the learned head start."""
        if not reading.blocks[GRAMS] or sum(one.isalnum() for one in reading.text) < _LEAST_TO_READ:
            return Kind.CHAT
        return Kind(chosen(self._model, self._model.scores(reading)))

    def evidence(self, reading: Reading, kind: Kind) -> tuple[Evidence, ...]:
        """Return what spoke for and against a kind."""
        return self._model.evidence(reading, kind)


def chosen(model: LinearModel, scores: list[float]) -> str:
    """Return the class with the highest score after the head starts that were learned with the weights."""
    started = [score + model.decision.get(name, 0.0) for name, score in zip(model.classes, scores, strict=True)]
    return model.classes[max(range(len(started)), key=lambda index: (started[index], -index))]
