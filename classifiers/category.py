"""Evidence -> category."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifiers.features import Reading
from classifiers.linear import LinearModel
from domain.classification import Evidence

MOST_LABELS = 3


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every category, best first, with its probability; `labels` are those the text names, were it a report."""

    order: tuple[str, ...]
    probabilities: tuple[float, ...]
    labels: tuple[str, ...]
    confidence: float
    sure: bool


class CategoryRanker:
    """Ranks the categories of a text."""

    def __init__(self, model: LinearModel) -> None:
        self._model = model

    def rank(self, reading: Reading) -> Ranking:
        """Return the ranking of a text."""
        return ranked(self._model, self._model.scores(reading))

    def evidence(self, reading: Reading, category: str) -> tuple[Evidence, ...]:
        """Return what spoke for and against a category."""
        return self._model.evidence(reading, category)


def ranked(model: LinearModel, scores: Sequence[float]) -> Ranking:
    """Turn the scores of the categories into a ranking by the thresholds that were learned with the weights."""
    decision = model.decision
    indexes = sorted(range(len(scores)), key=lambda index: (-scores[index], index))
    best = scores[indexes[0]]
    exponents = [math.exp((score - best) * decision["sharpness"]) for score in scores]
    total = sum(exponents)
    order = tuple(model.classes[index] for index in indexes)
    extra = [
        model.classes[index]
        for index, least in zip(indexes[1:MOST_LABELS], (decision["second"], decision["third"]), strict=True)
        if scores[index] >= least
    ]
    confidence = certainty(scores, decision)
    return Ranking(
        order=order,
        probabilities=tuple(exponents[index] / total for index in indexes),
        labels=(order[0], *extra),
        confidence=confidence,
        sure=confidence >= decision["sure"],
    )


def certainty(scores: Sequence[float], decision: Mapping[str, float]) -> float:
    """Return the calibrated probability that the best score belongs to the right class."""
    best, second = sorted(scores, reverse=True)[:2]
    logit = decision["certain"] + decision["certain_best"] * best + decision["certain_margin"] * (best - second)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
