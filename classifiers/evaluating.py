"""Labelled messages -> figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from classifiers.labelled import Labelled
from domain.classification import Classification, Evidence, Kind

_BINS = 10


class TextClassifier(Protocol):
    """Says what a text is."""

    def classify(self, text: str) -> Classification:
        """Return the reading of a text."""

    def explain(self, text: str, category: str) -> tuple[Evidence, ...]:
        """Return what spoke for and against a category."""


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """One category: reports that have it, precision, recall and F1; `also_ok` is neither required nor wrong."""

    category: str
    reports: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many reports of one main category got another first candidate."""

    right: str
    given: str
    count: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """A report whose first candidate is wrong, with what spoke for the wrong and for the right category."""

    id: str
    writer: str
    right: str
    given: str
    confidence: float
    for_given: tuple[Evidence, ...]
    for_right: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The table of a set of labelled messages; every figure is a share in 0..1, except the two counts.

    `top1` and `top3` look at the candidates of all reports, whatever kind they were given; `top1_end_to_end` is the
    first label, so a report taken for something else is wrong. `macro_f1` is over labels, end to end.
    `sure_*` are over reports that were taken for reports, as a share of all reports, and how many of them are right.
    """

    messages: int
    reports: int
    top1: float
    top1_end_to_end: float
    top3: float
    macro_f1: float
    report_recall: float
    report_precision: float
    kind: float
    body: float
    sure_coverage: float
    sure_right: float
    calibration_error: float
    categories: tuple[CategoryFigures, ...]
    confusions: tuple[Confusion, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the figures as plain values, rounded to four places."""
        return {key: _plain(value) for key, value in asdict(self).items()}


def evaluate(messages: Sequence[Labelled], readings: Sequence[Classification], *, categories: Sequence[str]) -> Figures:
    """Return the figures of classified messages."""
    pairs = list(zip(messages, readings, strict=True))
    reports = [(message, reading) for message, reading in pairs if message.kind is Kind.REPORT]
    taken = [(message, reading) for message, reading in pairs if reading.kind is Kind.REPORT]
    both = [(message, reading) for message, reading in taken if message.kind is Kind.REPORT]
    sure = [(message, reading) for message, reading in both if reading.sure]
    per_category = by_category(
        [
            (message.labels, message.also_ok, tuple(label.category for label in reading.labels))
            for message, reading in pairs
        ],
        categories,
    )
    return Figures(
        messages=len(pairs),
        reports=len(reports),
        top1=_share(_first_right(message, reading) for message, reading in reports),
        top1_end_to_end=_share(
            bool(reading.labels) and reading.labels[0].category == message.labels[0] for message, reading in reports
        ),
        top3=_share(message.labels[0] in reading.candidates[:3] for message, reading in reports),
        macro_f1=sum(one.f1 for one in per_category) / max(len(per_category), 1),
        report_recall=len(both) / max(len(reports), 1),
        report_precision=len(both) / max(len(taken), 1),
        kind=_share(message.kind is reading.kind for message, reading in pairs),
        body=_share(message.body == reading.body for message, reading in reports),
        sure_coverage=len(sure) / max(len(reports), 1),
        sure_right=_share(_first_right(message, reading) for message, reading in sure),
        calibration_error=_calibration_error(reports),
        categories=per_category,
        confusions=_confusions(reports),
    )


def by_category(
    labelled: Iterable[tuple[Sequence[str], Sequence[str], Sequence[str]]], categories: Sequence[str]
) -> tuple[CategoryFigures, ...]:
    """Return the figures of each category from (right labels, also ok, given labels); unused ones are left out."""
    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for labels, also_ok, given in labelled:
        right.update(set(labels) & set(given))
        missed.update(set(labels) - set(given))
        wrong.update(set(given) - set(labels) - set(also_ok))
    return tuple(
        CategoryFigures(
            category=category,
            reports=right[category] + missed[category],
            precision=right[category] / max(right[category] + wrong[category], 1),
            recall=right[category] / max(right[category] + missed[category], 1),
            f1=2 * right[category] / max(2 * right[category] + wrong[category] + missed[category], 1),
        )
        for category in categories
        if right[category] + missed[category] + wrong[category]
    )


def worst(
    messages: Sequence[Labelled], readings: Sequence[Classification], *, classifier: TextClassifier, most: int = 20
) -> tuple[Mistake, ...]:
    """Return the reports with a wrong first candidate of which the classifier was most certain, with the evidence."""
    wrong = [
        (message, reading)
        for message, reading in zip(messages, readings, strict=True)
        if message.kind is Kind.REPORT and not _first_right(message, reading)
    ]
    wrong.sort(key=lambda pair: (-pair[1].confidence, pair[0].id))
    return tuple(
        Mistake(
            id=message.id,
            writer=message.writer,
            right=message.labels[0],
            given=reading.candidates[0],
            confidence=reading.confidence,
            for_given=classifier.explain(message.text, reading.candidates[0]),
            for_right=classifier.explain(message.text, message.labels[0]),
        )
        for message, reading in wrong[:most]
    )


def _first_right(message: Labelled, reading: Classification) -> bool:
    return reading.candidates[0] == message.labels[0]


def _share(outcomes: Iterable[bool]) -> float:
    counted = list(outcomes)
    return sum(counted) / len(counted) if counted else 0.0


def _calibration_error(reports: Sequence[tuple[Labelled, Classification]]) -> float:
    """Return the mean distance of confidence and truth over ten bins of confidence, weighted by their size (ECE)."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for message, reading in reports:
        place = min(int(reading.confidence * _BINS), _BINS - 1)
        bins.setdefault(place, []).append((reading.confidence, _first_right(message, reading)))
    gaps = (abs(sum(confidence - right for confidence, right in one)) for one in bins.values())
    return sum(gaps) / max(len(reports), 1)


def _confusions(reports: Sequence[tuple[Labelled, Classification]]) -> tuple[Confusion, ...]:
    counts = Counter(
        (message.labels[0], reading.candidates[0]) for message, reading in reports if not _first_right(message, reading)
    )
    return tuple(
        Confusion(right, given, count)
        for (right, given), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value
