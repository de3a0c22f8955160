"""Width, script, invisible characters and spacing come into one form, with offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.normalizer import Normalizer, build_normalizer

_TRICKY = st.text(
    alphabet=st.sampled_from("電話号１２ａ＠．\u200b\u00ad\ufe0f\u20e3①㎡…… ·•\t\r\n王 老师，（）𠀀é㈠"), max_size=80
)


@pytest.fixture(scope="module")
def normalizer() -> Normalizer:
    return build_normalizer()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ｚｈａｏ＠１６３．ｃｏｍ", "zhao@163.com"),
        ("電話１３８\u200b００", "电话13800"),
        ("著名的乾坤", "著名的乾坤"),
        ("填 表 打 卡 吧", "填表打卡吧"),
        ("今天 又填表", "今天 又填表"),
        ("1️⃣3️⃣8️⃣", "138"),
        ("①交表②开会", "①交表②开会"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("138—0013‑8000", "138—0013-8000"),
        ("a\x00b\r\nc\td", "ab\n\nc d"),
        ("е-mаil", "e-mail"),
        ("王\u3164主\u2800任", "王主任"),
        ("", ""),
    ],
)
def test_brings_a_text_into_one_form(normalizer: Normalizer, text: str, expected: str) -> None:
    """Width, script, look-alikes and invisible characters are undone; lists and words keep their form."""
    assert normalizer.normalize(text).text == expected


@given(text=st.one_of(st.text(max_size=60), _TRICKY))
def test_offsets_lead_back_to_the_original(normalizer: Normalizer, text: str) -> None:
    """Each character has its place in the original, places never go back, and the result is always the same."""
    normalized = normalizer.normalize(text)
    assert len(normalized.offsets) == len(normalized.text)
    assert list(normalized.offsets) == sorted(normalized.offsets)
    assert all(0 <= start < end <= len(text) for start, end in normalized.offsets)
    assert normalizer.normalize(text) == normalized


def test_a_range_leads_back_with_what_was_dropped_inside(normalizer: Normalizer) -> None:
    """A range of the normalized text covers the invisible characters inside it."""
    text = "打１３８\u200b\u200b００吧"
    normalized = normalizer.normalize(text)
    start = normalized.text.index("13800")
    first, last = normalized.original(start, start + 5)
    assert text[first:last] == "１３８\u200b\u200b００"


def test_a_phrase_that_changes_its_length_keeps_the_offsets() -> None:
    """When the converter answers with another length, characters are converted one by one."""
    normalizer = Normalizer(lambda text: "两个字" if text == "電話" else text.replace("電", "电"))
    assert normalizer.normalize("電話").text == "电話"
