"""Tests of reading labelled messages."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from classifiers.labelled import CorpusError, digest, read_corpus, read_files, read_phrases
from domain.classification import Body, Kind
from domain.policy_pack import PolicyPack

LINE = {
    "id": "a1",
    "writer": "a",
    "text": "站马路",
    "kind": "report",
    "labels": ["street_duty"],
    "also_ok": [],
    "body": "urban",
}


def write(path: Path, **changes: object) -> Path:
    path.write_text(json.dumps({**LINE, **changes}, ensure_ascii=False) + "\n\n", "utf-8")
    return path


def test_a_line_becomes_a_message(tmp_path: Path) -> None:
    """All fields are read; empty lines are left out."""
    (message,) = read_files([write(tmp_path / "a.jsonl")])
    assert (message.id, message.writer, message.kind, message.labels) == ("a1", "a", Kind.REPORT, ("street_duty",))
    assert message.body is Body.URBAN


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "rant"},
        {"labels": []},
        {"body": "army"},
        {"labels": ["a", "b", "c", "d"]},
        {"kind": "chat"},
        {"labels": None},
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, changes: dict[str, object]) -> None:
    """What contradicts the labelling guide is refused with file and line, without its text."""
    with pytest.raises(CorpusError, match=r"a\.jsonl:1") as refused:
        read_files([write(tmp_path / "a.jsonl", **changes)])
    assert "站马路" not in str(refused.value)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    """Other encodings and missing files are refused."""
    (tmp_path / "b.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CorpusError, match=r"b\.jsonl"):
        read_files([tmp_path / "b.jsonl"])


def test_the_hash_does_not_depend_on_files(tmp_path: Path) -> None:
    """Messages in another order have the same hash, other labels another."""
    first = read_files([write(tmp_path / "a.jsonl"), write(tmp_path / "b.jsonl", id="b1")])
    second = read_files([write(tmp_path / "b.jsonl", id="b1"), write(tmp_path / "a.jsonl")])
    other = read_files([write(tmp_path / "a.jsonl", labels=["contests"]), write(tmp_path / "b.jsonl", id="b1")])
    assert digest(first) == digest(second) != digest(other)


def test_the_training_corpus_is_sound(pack: PolicyPack) -> None:
    """Ids are unique, texts are no duplicates, every category exists and has reports."""
    messages = read_corpus("training")
    assert len({one.id for one in messages}) == len(messages)
    assert [
        text for text, count in Counter(one.text for one in messages if len(one.text) > 8).items() if count > 1
    ] == []
    named = Counter(label for one in messages for label in one.labels)
    assert set(named) == set(pack.category_by_id)
    assert {other for one in messages for other in one.also_ok} <= set(pack.category_by_id)


def test_no_development_message_is_in_the_training_corpus() -> None:
    """The test set shares no text and no writer with what is learned from."""
    training, development = read_corpus("training"), read_corpus("development")
    assert {one.writer for one in training}.isdisjoint({one.writer for one in development})
    texts = {one.text for one in training} | {one.text for one in read_phrases()}
    assert [one.id for one in development if one.text in texts and one.kind is not Kind.CHAT] == []


def test_phrases_name_every_category_and_every_other_kind(pack: PolicyPack) -> None:
    """Each category and each kind but report has turns of phrase, none of them twice."""
    phrases = read_phrases()
    assert {one.category for one in phrases if one.category} == set(pack.category_by_id)
    assert {one.kind for one in phrases} == set(Kind)
    assert [text for text, count in Counter(one.text for one in phrases).items() if count > 1] == []
