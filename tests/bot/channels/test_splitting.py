"""Cutting long texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.splitting import split, utf16_units, well_formed

_TEXTS = st.text(
    alphabet=st.one_of(st.sampled_from("一。\n ，a😀\U00020000"), st.characters(exclude_categories=["Cs"]))
)


@settings(deadline=None)  # a busy machine is no failure
@given(text=_TEXTS, limit=st.integers(min_value=2, max_value=40))
def test_parts_fit_and_join_to_the_text(text: str, limit: int) -> None:
    """No part is over the limit, none is empty unless the text is, no character is cut and nothing is lost."""
    parts = split(text, limit=limit)
    assert "".join(parts) == text
    assert all(utf16_units(part) <= limit for part in parts)
    assert all(parts) or parts == [""]
    for part in parts:
        part.encode()  # a cut surrogate pair could not be encoded


@settings(deadline=None)  # a busy machine is no failure
@given(text=st.text(st.characters()))
def test_units_are_those_of_utf16(text: str) -> None:
    """Lengths are counted as the platform counts them."""
    assert utf16_units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("一二三四\n\n五六\n七八九十", "一二三四\n\n"),
        ("一二三四五\n六七八九十", "一二三四五\n"),
        ("一二三四五。六七八九十", "一二三四五。"),
        ("一二\n三四五六七八九十", "一二\n三四五六七"),  # a line end too early would leave the part half empty
        ("一二三四五六七八九十", "一二三四五六七八"),
        ("😀😀😀😀😀", "😀😀😀😀"),
        ("一二三四五六七😀", "一二三四五六七"),
    ],
)
def test_a_part_ends_where_it_reads_best(text: str, first: str) -> None:
    """Paragraph before line before sentence before character."""
    assert split(text, limit=8)[0] == first


def test_a_lone_surrogate_is_replaced_and_a_pair_is_joined() -> None:
    """What no platform can carry becomes a replacement character."""
    assert well_formed("a\ud83d\ude00b\ud83dc") == "a😀b\ufffdc"
