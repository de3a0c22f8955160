"""Tests of the tokenizer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.tokenizer import Tokenizer, Word


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(words=["红马甲", "站马路"])


def test_words_are_found_with_their_positions(tokenizer: Tokenizer) -> None:
    """Words of the dictionary and added words come with where they stand."""
    assert tokenizer.cut("老师站马路") == [Word("老师", 0, 2), Word("站马路", 2, 5)]


def test_added_words_belong_to_one_tokenizer_only(tokenizer: Tokenizer) -> None:
    """A word added to one tokenizer is unknown to another: nothing is shared."""
    assert [word.text for word in Tokenizer().cut("站马路")] == ["站", "马路"]


def test_unknown_words_are_left_in_characters(tokenizer: Tokenizer) -> None:
    """Nothing is guessed: characters that no word covers stay alone."""
    assert [word.text for word in tokenizer.cut("囝仔")] == ["囝", "仔"]


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="老师站马路红甲填表 ,abc12\n〔", max_size=40))
def test_words_cover_the_text_without_gaps(tokenizer: Tokenizer, text: str) -> None:
    """Joined together, the words are the text."""
    words = tokenizer.cut(text)
    assert "".join(word.text for word in words) == text
    assert all(text[word.start : word.end] == word.text for word in words)


def test_the_dictionary_is_kept_in_the_given_folder_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache is one file in the given folder; the shared temporary folder stays empty."""
    shared, own = tmp_path / "shared", tmp_path / "own"
    shared.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(shared))
    first = Tokenizer(cache_dir=own)
    assert len(list(own.iterdir())) == 1
    assert list(shared.iterdir()) == []
    assert Tokenizer(cache_dir=own).cut("老师填表") == first.cut("老师填表")


def test_a_damaged_cache_is_replaced(tmp_path: Path) -> None:
    """A cache that cannot be read is written anew."""
    Tokenizer(cache_dir=tmp_path)
    (cache,) = tmp_path.iterdir()
    whole = cache.stat().st_size
    cache.write_bytes(cache.read_bytes()[:1000])
    assert [word.text for word in Tokenizer(cache_dir=tmp_path).cut("老师填表")] == ["老师", "填表"]
    assert cache.stat().st_size == whole


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    """Where no folder can be made, the dictionary is simply read anew."""
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    assert [word.text for word in Tokenizer(cache_dir=blocked / "below").cut("老师填表")] == ["老师", "填表"]
