"""Digits in every writing."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from classifiers.maskers.digits import digits_view, groups, runs


@given(st.text("0123456789零一二三四五六七八九幺壹贰叁①②的 -a", max_size=60))
def test_the_view_is_as_long_as_the_text(text: str) -> None:
    """The digits view keeps every place."""
    assert len(digits_view(text)) == len(text)


@given(st.text("0123456789一二幺的 -ao空转", max_size=80))
def test_groups_keep_their_order_and_places(text: str) -> None:
    """Segments stand in order, apart from one another, and have as many ends as digits."""
    segments = [segment for group in groups(text) for segment in group]
    assert all(first.end <= second.start for first, second in pairwise(segments))
    assert all(len(segment.ends) == len(segment.digits) and segment.ends[-1] == segment.end for segment in segments)


@given(st.integers(1, 300), st.integers(5, 19))
def test_the_tries_of_a_run_are_bounded(segments: int, longest: int) -> None:
    """However many segments there are, at most `longest` runs begin at each."""
    (group,) = groups("1 " * segments)
    assert sum(1 for _ in runs(group, re.compile(r"\d+"), longest=longest)) <= segments * longest


def test_spoken_and_sounding_digits_are_read() -> None:
    """Pinyin, English words, sound-alikes between digits and words in the gaps are read."""
    (group,) = groups("yao san ba 空 OO13 nine 1".replace("OO", "0O"))
    assert "".join(segment.digits for segment in group) == "138001391"


def test_a_sentence_ends_a_group() -> None:
    """Digits with a clause between them are different numbers."""
    assert len(list(groups("有138人参加了会议，交了1234份材料"))) == 2
