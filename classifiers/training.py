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
from classifiers.labelled import Labelled, Phrase, digest, read_phrases
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

    `phrase` is how much a phrase counts beside a message; `least` is the smallest weight, in thousandths, that is
    worth a place in the file.
    """

    blocks: Mapping[str, float]
    ridge: float
    phrase: float
    least: int


RECIPES: Mapping[str, Recipe] = {
    "category": Recipe({"g": 3.0, "w": 0.7, "c": 0.3, "r": 0.1, "k": 0.03}, ridge=0.2, phrase=0.06, least=8),
    "kind": Recipe({"g": 1.5, "w": 0.5, "c": 0.4, "r": 0.3}, ridge=0.2, phrase=0.3, least=5),
    "body": Recipe({"g": 0.1, "w": 0.2, "c": 0.2, "r": 1.0}, ridge=0.2, phrase=1.0, least=5),
}
"""Chosen by leave-one-writer-out on the training corpus, never on the development messages."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned from: messages and phrases, each with its reading."""

    messages: Sequence[Labelled]
    readings: Sequence[Reading]
    phrases: Sequence[tuple[Phrase, Reading]] = ()


def train(
    messages: Sequence[Labelled],
    *,
    reader: FeatureReader,
    pack: PolicyPack,
    patterns: str,
    on: date,
    phrases: Sequence[Phrase] | None = None,
) -> dict[str, LinearModel]:
    """Return the models learned from messages and phrases (the pack's own if none are given).

    The same messages give the same models. `patterns` is the version of the pattern file; `on` is written into the
    models as the day of learning.
    """
    chosen = read_phrases(pack.id) if phrases is None else phrases
    learned_from: dict[str, str | int] = {
        "pack": pack.id,
        "patterns": patterns,
        "messages": len(messages),
        "writers": len({one.writer for one in messages}),
        "phrases": len(chosen),
        "sha256": digest(messages, chosen),
        "date": on.isoformat(),
    }
    lesson = Lesson(
        messages,
        [reader.read(one.text) for one in messages],
        [(one, reader.read(one.text)) for one in chosen],
    )
    return learn_all(lesson, categories=tuple(pack.category_by_id), learned_from=learned_from)


def learn_all(
    lesson: Lesson, *, categories: tuple[str, ...], learned_from: Mapping[str, str | int]
) -> dict[str, LinearModel]:
    """Learn the three models from texts that were read already."""
    return {
        "category": _category_model(lesson, Task("category", categories, learned_from)),
        "kind": _kind_model(lesson, Task("kind", tuple(Kind), learned_from)),
        "body": _body_model(lesson, Task("body", (NOBODY, *Body), learned_from)),
    }


def _category_model(lesson: Lesson, task: Task) -> LinearModel:
    reports, readings = _reports(lesson)
    phrases = [(one.category, reading) for one, reading in lesson.phrases if one.category]
    targets = [_target(one.labels, one.also_ok, task.classes) for one in reports]
    targets += [_target((category,), (), task.classes) for category, _ in phrases]
    model, unseen = learn(
        task,
        [*readings, *(reading for _, reading in phrases)],
        np.array(targets),
        writers=[one.writer for one in reports],
    )
    return replace(model, decision=category_decision(unseen, reports, task.classes))


def _kind_model(lesson: Lesson, task: Task) -> LinearModel:
    # A part of a report teaches the category, not the kind: by itself it may as well be a part of something else.
    phrases = [(one.kind, reading) for one, reading in lesson.phrases if not one.category]
    right = [task.classes.index(one.kind) for one in lesson.messages]
    targets = np.eye(len(task.classes))[right + [task.classes.index(kind) for kind, _ in phrases]]
    readings = [*lesson.readings, *(reading for _, reading in phrases)]
    model, unseen = learn(task, readings, targets, writers=[one.writer for one in lesson.messages])
    return replace(model, decision=head_start(unseen, np.array(right), task.classes))


def _body_model(lesson: Lesson, task: Task) -> LinearModel:
    reports, readings = _reports(lesson)
    right = [task.classes.index(one.body or NOBODY) for one in reports]
    targets = np.eye(len(task.classes))[right]
    model, unseen = learn(task, readings, targets, writers=[one.writer for one in reports])
    return replace(model, decision=head_start(unseen, np.array(right), task.classes))


def _reports(lesson: Lesson) -> tuple[list[Labelled], list[Reading]]:
    chosen = [index for index, one in enumerate(lesson.messages) if one.kind is Kind.REPORT]
    return [lesson.messages[index] for index in chosen], [lesson.readings[index] for index in chosen]


@dataclass(frozen=True, slots=True)
class Task:
    """Which model is learned, its classes, and what its file says it was learned from."""

    name: str
    classes: tuple[str, ...]
    learned_from: Mapping[str, str | int]


def learn(
    task: Task, readings: Sequence[Reading], targets: Matrix, *, writers: Sequence[str]
) -> tuple[LinearModel, Matrix]:
    """Learn one model by ridge regression on the targets, solved exactly.

    `writers` are those of the first readings; what follows are phrases, which count less. The second result are the
    scores of the writers' readings, each by a model that knew nothing of its writer. They come from the same
    factorisation: for a writer's messages B they are Y_B - (G_BB)^-1 (G Y)_B, with G the inverse of kernel plus ridge.
    """
    recipe = RECIPES[task.name]
    values, features, factors = _values(readings, recipe)
    ridge = np.full(len(readings), recipe.ridge)
    ridge[len(writers) :] /= recipe.phrase
    inverse = np.linalg.inv((values @ values.T).toarray() + _BIAS + np.diag(ridge))
    solved = inverse @ targets
    unseen = np.empty((len(writers), targets.shape[1]))
    for writer in sorted(set(writers)):
        own = [index for index, one in enumerate(writers) if one == writer]
        unseen[own] = targets[own] - np.linalg.solve(inverse[np.ix_(own, own)], solved[own])
    weights = np.rint((values.T @ solved) * factors[:, np.newaxis] * SCALE).astype(int)
    bias = np.rint(_BIAS * solved.sum(axis=0) * SCALE).astype(int)
    model = LinearModel(
        name=task.name,
        classes=task.classes,
        bias=tuple(bias.tolist()),
        weights=_kept(weights, features, recipe.least),
        decision={},
        learned_from=task.learned_from,
    )
    return model, unseen


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


def _target(labels: Sequence[str], also_ok: Sequence[str], categories: Sequence[str]) -> list[float]:
    target = dict.fromkeys(also_ok, _ALSO_OK)
    target.update(dict.fromkeys(labels, _SECOND_LABEL))
    target[labels[0]] = 1.0
    return [target.get(category, 0.0) for category in categories]
