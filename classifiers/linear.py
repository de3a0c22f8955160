"""A sparse linear model read from a weights file: scores, and what each feature added."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from classifiers.features import BLOCKS, CONCEPTS, KEYWORDS, PAIRS, RULES, Reading
from classifiers.keyword import Span
from domain.classification import Evidence
from domain.errors import PolicyPackError

SCALE = 1000
"""Weights are whole thousandths in the file, so that a file is the same wherever it was learned."""

FORMAT = 1
MOST_EVIDENCE = 8
_LEAST_EVIDENCE = 0.005
_MOST_JOINED = 40


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights by block and feature; each value is (class index, weight in thousandths, class index, …), flat."""

    name: str
    classes: tuple[str, ...]
    bias: tuple[int, ...]
    weights: Mapping[str, Mapping[str, tuple[int, ...]]]
    decision: Mapping[str, float]
    learned_from: Mapping[str, str | int]

    def scores(self, reading: Reading) -> list[float]:
        """Return one score a class; features count the less the more of their block there are."""
        totals = [float(bias) for bias in self.bias]
        for block, features in reading.blocks.items():
            known = self.weights.get(block)
            if not known or not features:
                continue
            share = 1 / math.sqrt(len(features))
            for feature in features:
                weights = known.get(feature)
                if weights:
                    for index in range(0, len(weights), 2):
                        totals[weights[index]] += weights[index + 1] * share
        return [total / SCALE for total in totals]

    def evidence(self, reading: Reading, name: str, *, most: int = MOST_EVIDENCE) -> tuple[Evidence, ...]:
        """Return what spoke for and against a class, the heaviest first, in places of the original text."""
        added = self._added(reading, self.classes.index(name))
        strong = [
            Evidence(pattern, *reading.original(span), round(weight, 3))
            for pattern, span, weight in _joined(reading, added)
            if abs(weight) >= _LEAST_EVIDENCE
        ]
        return tuple(sorted(strong, key=lambda one: (-abs(one.weight), one.start, one.pattern))[:most])

    def _added(self, reading: Reading, wanted: int) -> list[tuple[str, str, Span, float]]:
        added: list[tuple[str, str, Span, float]] = []
        for block, features in reading.blocks.items():
            known = self.weights.get(block, {})
            share = 1 / math.sqrt(len(features) or 1) / SCALE
            for feature, span in features.items():
                weights = known.get(feature, ())
                own = dict(zip(weights[::2], weights[1::2], strict=True)).get(wanted)
                if own:
                    added.append((block, feature, span, own * share))
        return added


def _joined(reading: Reading, added: list[tuple[str, str, Span, float]]) -> list[tuple[str, Span, float]]:
    """Join what overlaps: the span with the greatest sum takes what lies within it; rules stand for themselves."""
    whole = [(feature, span, weight) for block, feature, span, weight in added if block in (RULES, PAIRS)]
    parts: dict[Span, float] = {}
    names: dict[Span, str] = {}
    for block, feature, span, weight in added:
        if block not in (RULES, PAIRS):
            parts[span] = parts.get(span, 0.0) + weight
            # A pack's word is shown as it is found; runs and pairs of words as they stand in the weights.
            packs_own = block in (CONCEPTS, KEYWORDS)
            name = reading.text[slice(*span)] if packs_own else feature.replace("|", "")
            names[span] = name if packs_own else min(names.get(span, name), name, key=lambda one: (len(one), one))
    heavy = sorted(parts, key=lambda span: (-abs(parts[span]), span))[:_MOST_JOINED]
    sums = {
        (start, end): sum(parts[other] for other in heavy if start <= other[0] and other[1] <= end)
        for start, end in heavy
    }
    taken: list[Span] = []
    for start, end in sorted(heavy, key=lambda span: (-abs(sums[span]), span)):
        if all(end <= first or last <= start for first, last in taken):
            taken.append((start, end))
            whole.append((names[start, end], (start, end), sums[start, end]))
    return whole


def load_model(path: Traversable, *, check: Callable[[Mapping[str, Any]], str | None]) -> LinearModel:
    """Read a weights file; `check` returns what is wrong with it for this pack, or None.

    Raises:
        PolicyPackError: the file is missing, damaged or was learned for something else; says what to do.
    """
    try:
        raw = json.loads(path.read_text("utf-8"))
        if raw["format"] != FORMAT:
            raise PolicyPackError(f"{path}: weights of format {raw['format']}, expected {FORMAT}; run 'jianfu train'.")
        model = LinearModel(
            name=raw["model"],
            classes=tuple(raw["classes"]),
            bias=tuple(raw["bias"]),
            weights={
                block: {feature: tuple(weights) for feature, weights in features.items()}
                for block, features in raw["weights"].items()
            },
            decision=raw["decision"],
            learned_from=raw["learned_from"],
        )
    except OSError as error:
        raise PolicyPackError(f"{path}: the weights file is missing; run 'jianfu train'.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PolicyPackError(f"{path}: not a weights file; run 'jianfu train'.") from error
    wrong = check(raw) or _wrong_shape(model)
    if wrong:
        raise PolicyPackError(f"{path}: {wrong}; run 'jianfu train'.")
    return model


def _wrong_shape(model: LinearModel) -> str | None:
    if len(model.bias) != len(model.classes):
        return "as many biases as classes are needed"
    if unknown := set(model.weights) - set(BLOCKS):
        return f"unknown blocks of features: {', '.join(sorted(unknown))}"
    indexes = {one for features in model.weights.values() for weights in features.values() for one in weights[::2]}
    return None if indexes <= set(range(len(model.classes))) else "a weight belongs to no class"
