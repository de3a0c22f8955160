"""Labelled messages -> keyword weights (development only)."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from classifiers.body import NOBODY
from classifiers.calibrating import category_decision, head_start
from classifiers.features import BLOCKS, FeatureReader, Reading
from classifiers.labelled import Labelled, digest
from classifiers.linear import FORMAT, SCALE, LinearModel
from domain.classification import Body, Kind
from domain.policy_pack import PolicyPack

Matrix = NDArray[np.float64]

MODELS = ("category", "kind", "body")
_LEAST_MESSAGES = 2
_BIAS = 0.2
_SECOND_LABEL = 0.6
_ALSO_OK = 0.25


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one model is learned: how much each block counts, and how strongly weights are held to zero (`ridge`).

    `least` is the smallest weight, in thousandths, that is worth a place in the file.
    """

    blocks: Mapping[str, float]
    ridge: float
    least: int


RECIPES: Mapping[str, Recipe] = {
    "category": Recipe({"g": 1.5, "w": 0.7, "c": 0.4, "r": 0.1, "k": 0.1}, ridge=0.2, least=5),
    "kind": Recipe({"g": 1.0, "w": 0.5, "c": 0.5, "r": 0.3}, ridge=0.2, least=5),
    "body": Recipe({"g": 0.1, "w": 0.2, "c": 0.2, "r": 1.0}, ridge=0.2, least=5),
}
"""Chosen by leave-one-writer-out on the training corpus, never on the development messages."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A model and its scores of the messages it learned from, each by a model that knew nothing of its writer."""

    model: LinearModel
    unseen_scores: Matrix


def train(
    messages: Sequence[Labelled], *, reader: FeatureReader, pack: PolicyPack, patterns: str, on: date
) -> dict[str, LinearModel]:
    """Return the models learned from messages; the same messages give the same models.

    `patterns` is the version of the pattern file; `on` is written into the models as the day of learning.
    """
    readings = [reader.read(one.text) for one in messages]
    learned_from: dict[str, str | int] = {
        "pack": pack.id,
        "patterns": patterns,
        "messages": len(messages),
        "writers": len({one.writer for one in messages}),
        "sha256": digest(messages),
        "date": on.isoformat(),
    }
    return learn_all(messages, readings, categories=tuple(pack.category_by_id), learned_from=learned_from)


def learn_all(
    messages: Sequence[Labelled],
    readings: Sequence[Reading],
    *,
    categories: tuple[str, ...],
    learned_from: Mapping[str, str | int],
) -> dict[str, LinearModel]:
    """Learn the three models from messages that were read already."""
    reports = [index for index, one in enumerate(messages) if one.kind is Kind.REPORT]
    kinds = tuple(Kind)
    bodies = (NOBODY, *Body)
    writers = [one.writer for one in messages]
    of_reports = [messages[index] for index in reports]
    parts: dict[str, tuple[Sequence[int], tuple[str, ...], Matrix]] = {
        "category": (reports, categories, np.array([_target(one, categories) for one in of_reports])),
        "kind": (range(len(messages)), kinds, _one_hot([kinds.index(one.kind) for one in messages], len(kinds))),
        "body": (reports, bodies, _one_hot([bodies.index(one.body or NOBODY) for one in of_reports], len(bodies))),
    }
    models = {}
    for name, (chosen, classes, targets) in parts.items():
        learned = learn(
            name,
            [readings[index] for index in chosen],
            targets,
            classes=classes,
            writers=[writers[index] for index in chosen],
            learned_from=learned_from,
        )
        decision = (
            category_decision(learned.unseen_scores, of_reports, classes)
            if name == "category"
            else head_start(learned.unseen_scores, targets.argmax(axis=1), classes)
        )
        models[name] = replace(learned.model, decision=decision)
    return models


def learn(
    name: str,
    readings: Sequence[Reading],
    targets: Matrix,
    *,
    classes: tuple[str, ...],
    writers: Sequence[str],
    learned_from: Mapping[str, str | int],
) -> Learned:
    """Learn one model by ridge regression on the targets, solved exactly.

    The scores of unseen writers come from the same factorisation: for a writer's messages B they are
    Y_B - (G_BB)^-1 (G Y)_B, with G the inverse of kernel plus ridge.
    """
    recipe = RECIPES[name]
    values, features, factors = _values(readings, recipe)
    kernel = (values @ values.T).toarray() + _BIAS
    inverse = np.linalg.inv(kernel + recipe.ridge * np.eye(len(readings)))
    solved = inverse @ targets
    unseen = np.empty_like(targets)
    for writer in sorted(set(writers)):
        own = [index for index, one in enumerate(writers) if one == writer]
        unseen[own] = targets[own] - np.linalg.solve(inverse[np.ix_(own, own)], solved[own])
    weights = np.rint((values.T @ solved) * factors[:, np.newaxis] * SCALE).astype(int)
    bias = np.rint(_BIAS * solved.sum(axis=0) * SCALE).astype(int)
    model = LinearModel(
        name=name,
        classes=classes,
        bias=tuple(bias.tolist()),
        weights=_kept(weights, features, recipe.least),
        decision={},
        learned_from=learned_from,
    )
    return Learned(model, unseen)


def to_json(model: LinearModel) -> str:
    """Return the weights file of a model: the same model gives the same characters."""
    head: dict[str, Any] = {
        "format": FORMAT,
        "model": model.name,
        "learned_from": dict(model.learned_from),
        "classes": list(model.classes),
        "decision": dict(model.decision),
        "bias": list(model.bias),
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    blocks = [
        f"{json.dumps(block)}: "
        + json.dumps({name: features[name] for name in sorted(features)}, ensure_ascii=False, separators=(",", ":"))
        for block, features in sorted(model.weights.items())
    ]
    body = ",\n".join(blocks)
    return "{\n" + ",\n".join(lines) + ',\n"weights": {\n' + body + "\n}\n}\n"


def _values(readings: Sequence[Reading], recipe: Recipe) -> tuple[sparse.csr_matrix, list[tuple[str, str]], Matrix]:
    """Return the value of each feature in each reading, the features, and what each is multiplied by.

    A feature counts when several messages have it; rarer ones count more (root of the inverse frequency).
    """
    features: list[tuple[str, str]] = []
    factors: list[float] = []
    for block in BLOCKS:
        if not recipe.blocks.get(block):
            continue
        counts = Counter(feature for reading in readings for feature in reading.blocks[block])
        for feature in sorted(one for one, count in counts.items() if count >= _LEAST_MESSAGES):
            features.append((block, feature))
            rarity = math.log((1 + len(readings)) / (1 + counts[feature])) + 1
            factors.append(math.sqrt(rarity * recipe.blocks[block]))
    place = {feature: index for index, feature in enumerate(features)}
    rows, columns, cells = [], [], []
    for row, reading in enumerate(readings):
        for block, found in reading.blocks.items():
            share = 1 / math.sqrt(len(found) or 1)
            for feature in found:
                column = place.get((block, feature))
                if column is not None:
                    rows.append(row)
                    columns.append(column)
                    cells.append(factors[column] * share)
    shape = (len(readings), len(features))
    return sparse.csr_matrix((cells, (rows, columns)), shape=shape), features, np.array(factors)


def _kept(
    weights: NDArray[np.int_], features: list[tuple[str, str]], least: int
) -> dict[str, dict[str, tuple[int, ...]]]:
    kept: dict[str, dict[str, tuple[int, ...]]] = {}
    for (block, feature), row in zip(features, weights.tolist(), strict=True):
        flat = tuple(one for index, weight in enumerate(row) if abs(weight) >= least for one in (index, weight))
        if flat:
            kept.setdefault(block, {})[feature] = flat
    return kept


def _target(message: Labelled, categories: tuple[str, ...]) -> list[float]:
    target = dict.fromkeys(message.also_ok, _ALSO_OK)
    target.update(dict.fromkeys(message.labels, _SECOND_LABEL))
    target[message.labels[0]] = 1.0
    return [target.get(category, 0.0) for category in categories]


def _one_hot(indexes: Sequence[int], width: int) -> Matrix:
    return np.eye(width)[list(indexes)]
