"""Tests of keywords, concepts, rules and folds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from classifiers.features import FeatureReader
from classifiers.keyword import KeywordFinder, PatternBook, read_patterns
from classifiers.labelled import Labelled, read_corpus
from domain.errors import PolicyPackError

WHOLE = 'version = "1"\n[concepts]\nstreet = "马路 路口"\n[folds]\n"俺" = "我"\n[rules]\nwaves = \'[两三]拨\'\n'


@pytest.fixture
def small() -> KeywordFinder:
    patterns = PatternBook("1", {"street": ("马路", "路口")}, {"waves": re.compile("[两三]拨")}, {})
    return KeywordFinder(keywords={"street_duty": ["站马路"], "contests": []}, patterns=patterns)


def test_keywords_concepts_and_rules_are_found_with_positions(small: KeywordFinder) -> None:
    """Each is found by name, with every place of a word and the first place of a rule."""
    found = small.find("站马路,路口来了三拨")
    assert found.keywords == {"street_duty": ((0, 3),)}
    assert found.concepts == {"street": ((1, 3), (4, 6))}
    assert found.rules == {"waves": ((8, 10),)}


def test_near_misses_are_not_found(small: KeywordFinder) -> None:
    """A text without the words and beside the rules has nothing."""
    found = small.find("马 路上来了四拨")
    assert (found.keywords, found.concepts, found.rules) == ({}, {}, {})


def test_a_finder_without_any_word_finds_nothing() -> None:
    """Empty lists are allowed."""
    assert KeywordFinder(keywords={}, patterns=PatternBook("1", {}, {}, {})).find("马路").concepts == {}


def test_a_pattern_file_is_read(tmp_path: Path) -> None:
    """Words are split at blanks, rules compiled."""
    file = tmp_path / "patterns.toml"
    file.write_text(WHOLE, "utf-8")
    book = read_patterns(file)
    assert book.concepts == {"street": ("马路", "路口")}
    assert book.rules["waves"].search("来了两拨")
    assert book.folds == {"俺": "我"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('version = "1"', "", "not a pattern file"),
        ("马路 路口", "", "without a word: street"),
        ("[两三]拨", "[两三拨", "waves is not a regular expression"),
        ("[两三]拨", "三*", "waves matches the empty text"),
        ('"俺" = "我"', '"俺" = "我们"', "another length: 俺"),
        ("waves =", "street =", "same name: street"),
        ("[concepts]", "[concepts", "not a pattern file"),
    ],
)
def test_a_wrong_pattern_file_is_refused_by_name(tmp_path: Path, old: str, new: str, said: str) -> None:
    """What is wrong is named."""
    file = tmp_path / "patterns.toml"
    file.write_text(WHOLE.replace(old, new), "utf-8")
    with pytest.raises(PolicyPackError, match=said):
        read_patterns(file)


def test_a_missing_pattern_file_is_refused(tmp_path: Path) -> None:
    """The file is named."""
    with pytest.raises(PolicyPackError, match="nowhere"):
        read_patterns(tmp_path / "nowhere.toml")


def test_every_concept_and_rule_is_alive_on_the_corpus(reader: FeatureReader, patterns: PatternBook) -> None:
    """No concept and no rule is so rare that no training message has it."""
    messages: tuple[Labelled, ...] = read_corpus("training")
    concepts, rules = set(patterns.concepts), set(patterns.rules)
    for message in messages:
        blocks = reader.read(message.text).blocks
        concepts -= blocks["c"].keys()
        rules -= blocks["r"].keys()
    assert (concepts, rules) == (set(), set())


@pytest.mark.parametrize(
    ("rule", "texts", "near_misses"),
    [
        ("ends_with_question", ["这合规吗?", "行不行?!"], ["合规吗?我们不去了", "合规"]),
        ("opens_with_question", ["请问要去吗", "想问值班"], ["我请问谁呀"]),
        ("waves", ["来了三拨", "一天两趟"], ["拨打电话", "拨款"]),
        ("why_teacher", ["凭什么让老师去", "为啥又是我们"], ["凭票入场"]),
        ("no_longer", ["不用再填了", "台账取消了"], ["不用心", "还要填"]),
        ("percent", ["完成率98%", "要百分之百"], ["百分制"]),
        ("clock_late", ["晚上十一点", "23:40还在改"], ["一点也不"]),
        ("gone_and_not_back", ["借走两年", "抽去半年没回来"], ["借我一支笔"]),
        ("either_or_question", ["是按天算还是按次算?"], ["还是去了"]),
        ("voluntary_but", ["说是自愿", "自愿报名但必须去"], ["自愿献花"]),
    ],
)
def test_rules_match_what_they_are_for(
    patterns: PatternBook, rule: str, texts: list[str], near_misses: list[str]
) -> None:
    """A rule is found in its texts and not in near misses."""
    assert all(patterns.rules[rule].search(text) for text in texts)
    assert not [text for text in near_misses if patterns.rules[rule].search(text)]
