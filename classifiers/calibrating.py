"""Scores of unseen writers -> thresholds: certainty, second labels, head starts (development only)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.category import certainty
from classifiers.evaluating import by_category
from classifiers.labelled import Labelled

Matrix = NDArray[np.float64]

SURE_SHARE = 0.83
"""Share of the unseen reports that the classifier calls sure; the order asks for at least 0.70 of other writers'."""

_SHARPNESS = tuple(step / 2 for step in range(4, 61))
_THRESHOLDS = tuple(round(step / 50, 2) for step in range(8, 46))
_HEAD_STARTS = tuple(round(step / 50, 2) for step in range(-15, 16))
_NEARLY = 0.003
_STEPS = 50
_HELD = 0.5


def category_decision(scores: Matrix, messages: Sequence[Labelled], categories: Sequence[str]) -> dict[str, float]:
    """Return the thresholds of the category model, learned from scores of writers it did not know."""
    right = np.array([list(categories).index(one.labels[0]) for one in messages])
    decision = {"sharpness": _sharpness(scores, right), **_certain(scores, right)}
    decision.update(_extra_labels(scores, messages, categories))
    confidences = sorted(certainty(row, decision) for row in scores.tolist())
    decision["sure"] = round(confidences[int(len(confidences) * (1 - SURE_SHARE))] - 5e-5, 4)
    return decision


def head_start(scores: Matrix, right: NDArray[np.int_], classes: Sequence[str]) -> dict[str, float]:
    """Return the smallest head start of the first class that makes nearly as many decisions right as the best one."""
    shift = np.zeros(len(classes))
    shift[0] = 1.0
    hits = {start: int(((scores + shift * start).argmax(axis=1) == right).sum()) for start in _HEAD_STARTS}
    enough = max(hits.values()) - _NEARLY * len(right)
    return {str(classes[0]): min((one for one in hits if hits[one] >= enough), key=lambda one: (abs(one), one))}


def _sharpness(scores: Matrix, right: NDArray[np.int_]) -> float:
    def loss(sharpness: float) -> float:
        logits = scores * sharpness
        logits -= logits.max(axis=1, keepdims=True)
        return float((np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(right)), right]).sum())

    return min(_SHARPNESS, key=loss)


def _certain(scores: Matrix, right: NDArray[np.int_]) -> dict[str, float]:
    """Fit the probability of being right by the best score and its lead (logistic regression, Newton's steps)."""
    ordered = np.sort(scores, axis=1)
    seen = np.column_stack([np.ones(len(scores)), ordered[:, -1], ordered[:, -1] - ordered[:, -2]])
    hit = (scores.argmax(axis=1) == right).astype(float)
    held = np.diag([0.0, _HELD, _HELD])
    weights = np.zeros(3)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-seen @ weights))
        slope = seen.T @ (hit - chance) - held @ weights
        curve = (seen * (chance * (1 - chance))[:, np.newaxis]).T @ seen + held + 1e-9 * np.eye(3)
        weights = weights + np.linalg.solve(curve, slope)
    certain, best, margin = (round(float(one), 3) for one in weights)
    return {"certain": certain, "certain_best": best, "certain_margin": margin}


@dataclass(frozen=True, slots=True)
class _Choice:
    f1: float
    second: float
    third: float


def _extra_labels(scores: Matrix, messages: Sequence[Labelled], categories: Sequence[str]) -> dict[str, float]:
    """Choose the least scores of a second and third label by macro-F1 over the categories."""
    order = np.argsort(-scores, axis=1, kind="stable")[:, :3]

    def tried(second: float, third: float) -> _Choice:
        given = [
            [
                categories[best[0]],
                *(categories[i] for i, least in zip(best[1:], (second, third), strict=True) if row[i] >= least),
            ]
            for best, row in zip(order.tolist(), scores.tolist(), strict=True)
        ]
        figures = by_category(
            [(one.labels, one.also_ok, labels) for one, labels in zip(messages, given, strict=True)], categories
        )
        return _Choice(sum(one.f1 for one in figures) / len(figures), second, third)

    never = max(_THRESHOLDS)
    second = max((tried(one, never) for one in _THRESHOLDS), key=lambda one: (one.f1, one.second)).second
    third = max((tried(second, one) for one in _THRESHOLDS if one >= second), key=lambda one: (one.f1, one.third)).third
    return {"second": second, "third": third}
