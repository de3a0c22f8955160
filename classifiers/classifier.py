"""Puts kind, category and body together: what a text says, and why."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from classifiers.body import NOBODY, BodyClassifier
from classifiers.category import CategoryRanker, Ranking
from classifiers.features import FeatureReader, Reading
from classifiers.keyword import KeywordFinder, PatternBook, load_patterns
from classifiers.kind import KindClassifier
from classifiers.linear import LinearModel, load_model
from classifiers.normalizer import build_normalizer
from classifiers.tokenizer import Tokenizer
from domain.classification import Body, Classification, Evidence, Kind, Label
from domain.policy_pack import PolicyPack


class Classifier:
    """Reads texts under one policy pack; keeps nothing of them."""

    def __init__(self, *, pack: PolicyPack, reader: FeatureReader, models: Mapping[str, LinearModel]) -> None:
        self._pack = pack
        self._reader = reader
        self._ranker = CategoryRanker(models["category"])
        self._kinds = KindClassifier(models["kind"])
        self._bodies = BodyClassifier(models["body"])

    def classify(self, text: str) -> Classification:
        """Return the reading of a text; positions in its evidence are those of `text`."""
        return self.judge(self._reader.read(text))

    def judge(self, reading: Reading) -> Classification:
        """Return the classification of a text whose features were read already."""
        ranking = self._ranker.rank(reading)
        kind = self._kinds.decide(reading)
        return Classification(
            kind=kind,
            labels=self._labels(reading, ranking) if kind is Kind.REPORT else (),
            candidates=ranking.order,
            body=self._bodies.decide(reading) if kind is Kind.REPORT else None,
            confidence=round(ranking.confidence, 4),
            sure=ranking.sure and kind is Kind.REPORT,
            pack=self._pack.name,
        )

    def explain(self, text: str, category: str) -> tuple[Evidence, ...]:
        """Return what spoke for and against one category, whether or not the text was given it."""
        return self._ranker.evidence(self._reader.read(text), category)

    def explain_kind(self, text: str, kind: Kind) -> tuple[Evidence, ...]:
        """Return what spoke for and against a kind."""
        return self._kinds.evidence(self._reader.read(text), kind)

    def _labels(self, reading: Reading, ranking: Ranking) -> tuple[Label, ...]:
        score = dict(zip(ranking.order, ranking.probabilities, strict=True))
        return tuple(
            Label(
                category=category,
                score=round(score[category], 4),
                evidence=self._ranker.evidence(reading, category),
                clauses=self._pack.category_by_id[category].clauses,
            )
            for category in ranking.labels
        )


def build_reader(pack: PolicyPack, patterns: PatternBook, *, cache_dir: Path | None = None) -> FeatureReader:
    """Build what turns texts into features: the same for training and for use."""
    finder = KeywordFinder(keywords={category.id: category.keywords for category in pack.categories}, patterns=patterns)
    tokenizer = Tokenizer(words=(word for word in finder.words if len(word) > 1), cache_dir=cache_dir)
    return FeatureReader(normalizer=build_normalizer(), tokenizer=tokenizer, finder=finder, folds=patterns.folds)


def build_classifier(pack: PolicyPack, *, cache_dir: Path | None = None) -> Classifier:
    """Build the classifier of a policy pack from the weights in its folder.

    Raises:
        PolicyPackError: the patterns or weights are missing, damaged or do not match the pack.
    """
    folder = files("classifiers.packs").joinpath(pack.id)
    patterns = load_patterns(pack.id)
    models = load_models(folder.joinpath("weights"), pack=pack, patterns=patterns)
    return Classifier(pack=pack, reader=build_reader(pack, patterns, cache_dir=cache_dir), models=models)


def load_models(folder: Traversable, *, pack: PolicyPack, patterns: PatternBook) -> dict[str, LinearModel]:
    """Read the three weights files of a pack; raises PolicyPackError when they were learned for something else."""
    classes = {"category": set(pack.category_by_id), "kind": set(Kind), "body": {NOBODY, *Body}}

    def check(raw: Mapping[str, Any]) -> str | None:
        learned_from = raw["learned_from"]
        if learned_from["pack"] != pack.id:
            return f"learned for policy pack {learned_from['pack']}, not {pack.id}"
        if learned_from["patterns"] != patterns.version:
            return f"learned with patterns {learned_from['patterns']}, not {patterns.version}"
        if set(raw["classes"]) != classes.get(raw["model"]):
            return "its classes are not those of the policy pack"
        return None

    return {name: load_model(folder.joinpath(f"{name}.json"), check=check) for name in classes}
