"""Tests of the features of a text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.features import LONGEST_READ, FeatureReader


def test_runs_words_and_pairs_are_read(reader: FeatureReader) -> None:
    """Runs have one to four characters and do not cross punctuation; pairs are neighbouring words."""
    blocks = reader.read("填表,打卡").blocks
    assert {"填", "填表", "打卡", "^填表", "打卡$"} <= blocks["g"].keys()
    assert "表打" not in blocks["g"]
    assert {"填表", "打卡"} <= blocks["w"].keys()
    assert "填表|打卡" not in blocks["w"]


def test_numbers_of_the_same_length_are_read_alike(reader: FeatureReader) -> None:
    """What is counted matters, not how many."""
    assert reader.read("填了3张表").blocks["g"] == reader.read("填了8张表").blocks["g"]
    assert reader.read("填了三张表").blocks["g"] == reader.read("填了8张表").blocks["g"]


def test_dialects_are_read_alike(reader: FeatureReader) -> None:
    """Words of a dialect count as the common word."""
    assert reader.read("冇拍照").blocks["g"] == reader.read("没拍照").blocks["g"]
    assert reader.read("伢子没来").blocks["w"] == reader.read("孩子没来").blocks["w"]


@pytest.mark.parametrize("text", ["請問老師要填表嗎", "请问\u200b老师要填表吗", "请 问 老 师 要 填 表 吗"])
def test_width_and_script_do_not_matter(reader: FeatureReader, text: str) -> None:
    """Traditional and simplified characters have the same features."""
    assert reader.read(text).blocks == reader.read("请问老师要填表吗").blocks


def test_placeholders_of_masking_have_no_features(reader: FeatureReader) -> None:
    """What was masked is a gap."""
    grams = reader.read("〔学校〕让老师填表").blocks["g"]
    assert not [gram for gram in grams if "校" in gram or "〔" in gram]


def test_bodies_that_ask_come_first_or_alone_are_told_apart(reader: FeatureReader) -> None:
    """Of several bodies named, the first and the asking one have features of their own."""
    rules = reader.read("妇联没说话,街道要我们去").blocks["r"]
    assert "first_body_women" in rules
    assert "asking_body_township" in rules
    assert "asking_body_women" not in rules
    assert "only_body_women" not in rules


def test_a_very_long_text_is_read_to_a_limit(reader: FeatureReader) -> None:
    """Only the first characters of a huge text are read."""
    assert reader.read("填" * LONGEST_READ + "监考").blocks["c"].keys().isdisjoint({"exam_duty"})


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="站马路填表拍照監考請問俺冇 ,?!12３〔学校〕a\u200b\n😭", max_size=60))
def test_places_lie_within_the_original(reader: FeatureReader, text: str) -> None:
    """Each feature has a place in the original text that is not empty."""
    reading = reader.read(text)
    for features in reading.blocks.values():
        for span in features.values():
            start, end = reading.original(span)
            assert 0 <= start < end <= len(text)
