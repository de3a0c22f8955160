"""Tests of the classifier as a whole, and of loading its weights."""

from __future__ import annotations

import json
import shutil
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.classifier import Classifier, build_classifier, load_models
from classifiers.keyword import PatternBook
from classifiers.labelled import digest, read_corpus, read_phrases
from domain.classification import Kind
from domain.errors import PolicyPackError
from domain.policy_pack import PolicyPack

REPORT = "镇里又让我们班主任挨家挨户催缴医保,收不齐扣绩效"


def test_a_report_is_read_whole(classifier: Classifier, pack: PolicyPack) -> None:
    """A report has labels with clauses and evidence, candidates, body, certainty and the pack's name."""
    reading = classifier.classify(REPORT)
    first = reading.labels[0]
    assert reading.kind is Kind.REPORT
    assert first.category == reading.candidates[0] == "unrelated_tasks"
    assert first.clauses == pack.category_by_id["unrelated_tasks"].clauses
    assert first.evidence
    assert reading.pack == pack.name
    assert set(reading.candidates) == set(pack.category_by_id)
    assert reading.confidence > 0.5


def test_what_is_no_report_has_candidates_only(classifier: Classifier) -> None:
    """A question has no labels and no certainty, yet candidates, should it be sent as a report all the same."""
    reading = classifier.classify("请问代收医保合规吗?")
    assert (reading.kind, reading.labels, reading.sure) == (Kind.QUESTION, (), False)
    assert reading.candidates[0] == "unrelated_tasks"


def test_the_same_text_is_read_the_same(classifier: Classifier) -> None:
    """Nothing is remembered from text to text."""
    before = classifier.classify(REPORT)
    classifier.classify("别的话" * 50)
    assert classifier.classify(REPORT) == before


@pytest.mark.parametrize("text", [REPORT, "校長說沒拍照片就算沒家訪,每天要打卡接龍", "ＡＰＰ必须下载,完成率１００％"])
def test_script_and_width_do_not_change_the_reading(classifier: Classifier, text: str) -> None:
    """Traditional characters and full width give the first candidate of the plain form."""
    plain = text.translate(
        str.maketrans("校長說沒拍照片就算沒家訪每天要打卡接龍", "校长说没拍照片就算没家访每天要打卡接龙")
    )
    assert classifier.classify(text).candidates[:3] == classifier.classify(plain).candidates[:3]


@pytest.mark.parametrize(
    "masked",
    [
        "〔学校〕〔人〕说没拍照片就算没家访",
        "〔人1〕说没拍照片就算没家访〔学校·城东区〕",
        "说没拍照片就算没家访,电话〔电话〕",
    ],
)
def test_placeholders_of_masking_do_not_change_the_category(classifier: Classifier, masked: str) -> None:
    """What was masked speaks for nothing."""
    assert classifier.classify(masked).candidates[0] == classifier.classify("说没拍照片就算没家访").candidates[0]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(["站马路", "填表", "拍照", "教育局", "監考", "ＡＰＰ", "俺", ",", " ", "3份", "😭"]),
        max_size=12,
    )
)
def test_evidence_stands_where_it_says(classifier: Classifier, parts: list[str]) -> None:
    """Every piece of evidence lies within the text; a pattern written in the text is found at its place."""
    text = "".join(parts)
    for label in classifier.classify(text).labels:
        for one in label.evidence:
            assert 0 <= one.start < one.end <= len(text)
            if one.pattern in ("站马路", "填表", "拍照", "教育局"):
                assert text[one.start : one.end] == one.pattern


def test_evidence_is_never_the_writers_own_words(classifier: Classifier) -> None:
    """A word that no weight knows is no evidence, however rare and telling."""
    text = REPORT + ",反映人鑫淼犇曌"
    patterns = {one.pattern for label in classifier.classify(text).labels for one in label.evidence}
    assert not [pattern for pattern in patterns if set(pattern) & set("鑫淼犇曌")]


def test_a_text_of_any_length_is_read_in_bounded_time(classifier: Classifier) -> None:
    """Twenty thousand characters take less than a second."""
    text = "".join(one.text for one in read_corpus("training"))[:20_000]
    started = time.process_time()
    classifier.classify(text)
    assert time.process_time() - started < 1


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    shutil.copytree(str(files("classifiers.packs").joinpath("cn2021", "weights")), tmp_path / "weights")
    return tmp_path / "weights"


def test_shipped_weights_load(weights: Path, pack: PolicyPack, patterns: PatternBook) -> None:
    """The shipped files match the shipped pack and say what they were learned from."""
    models = load_models(weights, pack=pack, patterns=patterns)
    assert set(models) == {"category", "kind", "body"}
    assert {"sha256", "date", "messages", "writers"} <= models["category"].learned_from.keys()


def test_shipped_weights_were_learned_from_the_shipped_corpus(
    weights: Path, pack: PolicyPack, patterns: PatternBook
) -> None:
    """The hash of the training data is that of the corpus in this tree."""
    learned_from = load_models(weights, pack=pack, patterns=patterns)["kind"].learned_from
    assert learned_from["sha256"] == digest(read_corpus("training"), read_phrases())


def spoil(path: Path, **changes: Any) -> None:
    raw = json.loads(path.read_text("utf-8"))
    for key, value in changes.items():
        if isinstance(value, dict):
            raw[key].update(value)
        else:
            raw[key] = value
    path.write_text(json.dumps(raw, ensure_ascii=False), "utf-8")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"learned_from": {"pack": "cn1999"}}, "learned for policy pack cn1999"),
        ({"learned_from": {"patterns": "0"}}, "learned with patterns 0"),
        ({"classes": ["only_one"]}, "its classes are not those"),
        ({"format": 99}, "format 99"),
        ({"bias": [1]}, "as many biases as classes"),
        ({"weights": {"z": {"填": [0, 1]}}}, "unknown blocks of features: z"),
        ({"weights": {"g": {"填": [99, 1]}}}, "belongs to no class"),
        ({"decision": {}, "weights": {"g": {"填": 7}}}, "not a weights file"),
    ],
)
def test_weights_that_do_not_match_are_refused(
    weights: Path, pack: PolicyPack, patterns: PatternBook, changes: dict[str, Any], said: str
) -> None:
    """Weights of another pack, other classes or a damaged file stop the start, with what to do."""
    spoil(weights / "category.json", **changes)
    with pytest.raises(PolicyPackError, match=said) as refused:
        load_models(weights, pack=pack, patterns=patterns)
    assert "run 'jianfu train'" in str(refused.value)


def test_missing_or_broken_weights_are_refused(weights: Path, pack: PolicyPack, patterns: PatternBook) -> None:
    """A missing file and one that is no JSON are named."""
    (weights / "kind.json").write_text("{", "utf-8")
    with pytest.raises(PolicyPackError, match=r"kind\.json: not a weights file"):
        load_models(weights, pack=pack, patterns=patterns)
    (weights / "kind.json").unlink()
    with pytest.raises(PolicyPackError, match=r"kind\.json: the weights file is missing"):
        load_models(weights, pack=pack, patterns=patterns)


def test_the_classifier_loads_quickly(pack: PolicyPack) -> None:
    """Building everything takes less than two seconds of this process."""
    started = time.process_time()
    build_classifier(pack)
    assert time.process_time() - started < 2
