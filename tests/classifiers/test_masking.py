"""Masking as a whole: placeholders, numbering, escapes, refusal and properties."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.maskers.finding import Finding, Passage
from classifiers.maskers.identity_numbers import valid_id
from classifiers.masking import LABELS, LONGEST, Masker, build_masker
from classifiers.normalizer import build_normalizer
from domain.errors import MaskingRefusedError
from domain.masked_text import MaskedText, PersonalData

_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_WRITTEN = str.maketrans("0123456789", "零一二三四五六七八九")
_CAPITAL = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")


@pytest.fixture(scope="module")
def masker() -> Masker:
    return build_masker(["海淀区", "朝阳区"])


def _disguised(number: str, writing: str, gap: str, sizes: list[int]) -> str:
    """Return a number in another writing, cut into groups with a gap between them."""
    tables = {"full": _FULL_WIDTH, "written": _WRITTEN, "capital": _CAPITAL}
    written = number.translate(tables[writing]) if writing in tables else number
    parts, place = [], 0
    for size in sizes:
        parts.append(written[place : place + size])
        place += size
    return gap.join(part for part in (*parts, written[place:]) if part)


_WRITINGS = st.sampled_from(["plain", "full", "written", "capital"])
_GAPS = st.sampled_from(["", " ", "-", ".", "\u200b", "·", "\n", "  ", "_", "—"])
_AROUND = st.sampled_from(["", "电话", "打", "找我：", "身份证", "，", "号码是", "的"])
_MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@st.composite
def _identity_numbers(draw: st.DrawFn) -> str:
    body = draw(
        st.from_regex(
            r"(?:11|31|44|51|65)[0-9]{4}19[4-9][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True
        )
    )
    return next(body + last for last in "0123456789X" if valid_id(body + last))


@settings(max_examples=50)
@given(
    number=_MOBILES, writing=_WRITINGS, gap=_GAPS, before=_AROUND, after=st.sampled_from(["", "，晚上打", "找我", "。"])
)
@pytest.mark.parametrize("sizes", [[11], [3, 4, 4], [3, 3, 5], [4, 3, 4], [5, 6], [1] * 11])
def test_no_disguised_mobile_number_survives(
    masker: Masker, sizes: list[int], number: str, writing: str, gap: str, before: str, after: str
) -> None:
    """A mobile number in any writing and grouping is masked or the text is refused."""
    text = before + _disguised(number, writing, gap, sizes) + after
    assert _hidden(masker, text, len(before), len(text) - len(after))


@settings(max_examples=50)
@given(number=_identity_numbers(), writing=_WRITINGS, gap=_GAPS, before=_AROUND)
@pytest.mark.parametrize("sizes", [[18], [6, 8, 4], [6, 4, 4, 4], [3, 3, 4, 4, 4], [1] * 18])
def test_no_disguised_identity_number_survives(
    masker: Masker, sizes: list[int], number: str, writing: str, gap: str, before: str
) -> None:
    """An identity number in any writing and grouping is masked or the text is refused."""
    text = before + _disguised(number, writing, gap, sizes) + "，请保密"
    assert _hidden(masker, text, len(before), len(text) - 4)


def _hidden(masker: Masker, text: str, start: int, end: int) -> bool:
    try:
        spans = masker.mask(text).spans
    except MaskingRefusedError:
        return True
    return any(span.start <= start and span.end >= end for span in spans)


_TEXTS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "王主任",
                "葛洪亮",
                "实验二小",
                "三(2)班",
                "13800138000",
                "a@qq.com",
                "微信：abc_123",
                "〔姓名〕",
                "〔",
                "〕",
                "建设路18号",
                "鲁A12345",
                "〔学校·海淀区〕",
                "工号20190034",
                "https://t.cn/A6xQ9pLm",
            ]
        ),
        st.text(alphabet="的在找说老师 ，。1一\n\u200bA李", max_size=8),
    ),
    max_size=10,
).map("".join)


def _masked(masker: Masker, text: str, *, kept: bool = False) -> MaskedText | None:
    try:
        return masker.mask(text, placeholders_kept=kept)
    except MaskingRefusedError:
        return None


@settings(max_examples=100)
@given(text=_TEXTS)
def test_masking_twice_changes_nothing(masker: Masker, text: str) -> None:
    """A masked text, masked again with its placeholders kept, stays as it is."""
    masked = _masked(masker, text)
    if masked is not None:
        again = masker.mask(masked.text, placeholders_kept=True)
        assert again.text == masked.text
        assert again.spans == ()


@settings(max_examples=100)
@given(text=_TEXTS)
def test_text_outside_the_spans_is_unchanged(masker: Masker, text: str) -> None:
    """Only spans are replaced and only typed brackets are escaped."""
    masked = _masked(masker, text)
    if masked is None:
        return
    rest, place = masked.text, 0
    for span in masked.spans:
        outside = text[place : span.start].replace("〔", "［").replace("〕", "］")
        assert rest.startswith(outside + "〔")
        rest = rest[len(outside) :]
        rest = rest[rest.index("〕") + 1 :]
        place = span.end
    assert rest == text[place:].replace("〔", "［").replace("〕", "］")


def test_one_person_has_no_number(masker: Masker) -> None:
    """A person who is alone in a text is 〔姓名〕, also when named twice."""
    assert masker.mask("谭姐说好，谭姐又说不好").text == "〔姓名〕说好，〔姓名〕又说不好"


def test_two_persons_are_numbered_and_keep_their_numbers(masker: Masker) -> None:
    """Distinct persons have distinct numbers; a name that comes again has the same one."""
    text = "找王主任，王主任不在，找谭姐"
    assert masker.mask(text).text == "找〔姓名1〕，〔姓名1〕不在，找〔姓名2〕"


def test_numbers_go_on_behind_placeholders_that_are_kept(masker: Masker) -> None:
    """A new person in a masked text has the next number."""
    assert (
        masker.mask("〔姓名1〕和〔姓名2〕说，谭姐没来", placeholders_kept=True).text
        == "〔姓名1〕和〔姓名2〕说，〔姓名3〕没来"
    )
    assert masker.mask("〔姓名〕说，谭姐没来", placeholders_kept=True).text == "〔姓名〕说，〔姓名2〕没来"


def test_a_typed_placeholder_is_escaped(masker: Masker) -> None:
    """Nobody can fake a placeholder; the year of a document number stays."""
    assert masker.mask("〔姓名〕和京教人〔2021〕5号、〔随便〕").text == "［姓名］和京教人〔2021〕5号、［随便］"


def test_only_known_placeholders_are_kept(masker: Masker) -> None:
    """With placeholders kept, other brackets are escaped all the same."""
    kept = masker.mask("〔姓名〕〔王小明13800138000〕〔学校·海淀区〕", placeholders_kept=True).text
    assert kept == "〔姓名〕［〔姓名2〕〔电话〕］〔学校·海淀区〕"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我在海淀区实验二小", "我在〔学校·海淀区〕"),
        ("海淀的石桥小学", "海淀的〔学校·海淀区〕"),
        ("在朝阳区石桥乡中心小学教书", "在〔学校·朝阳区〕教书"),
        ("石桥乡中心小学", "〔学校〕"),
    ],
)
def test_a_school_is_generalised_to_its_district(masker: Masker, text: str, masked: str) -> None:
    """A district in the school's name is kept in the placeholder; without one the school has none."""
    assert masker.mask(text).text == masked


def test_districts_may_be_given_as_names_of_names() -> None:
    """A mapping names the district behind another name."""
    assert build_masker({"中关村街道": "海淀区"}).mask("中关村街道实验二小").text == "中关村街道〔学校·海淀区〕"


def test_every_type_has_its_placeholder() -> None:
    """No type of personal data is without a label."""
    assert set(LABELS) == set(PersonalData)


@pytest.mark.parametrize("text", ["", "1", "😀😀", "全体老师周五开会", "高兴的是任务少了", "\x00\x01", "〔2021〕"])
def test_a_text_without_personal_data_is_unchanged(masker: Masker, text: str) -> None:
    """Nothing is touched where nothing is found."""
    assert masker.mask(text) == MaskedText(text, ())


def test_a_text_beyond_the_limit_is_refused(masker: Masker) -> None:
    """Longer texts are refused before any work is done."""
    with pytest.raises(MaskingRefusedError):
        masker.mask("好" * (LONGEST + 1))


class _Blind:
    def find(self, passage: Passage) -> Iterator[Finding]:
        found: list[Finding] = []
        assert isinstance(passage, Passage)
        return iter(found)


@pytest.mark.parametrize("text", ["打13800138000", "证11010519491231002X", "发a.b@qq.com"])
def test_a_remainder_is_refused(text: str) -> None:
    """What the finders overlook, the second look refuses, and the error does not repeat it."""
    masker = Masker(normalizer=build_normalizer(), finders=(_Blind(),), districts={})
    with pytest.raises(MaskingRefusedError) as refused:
        masker.mask(text)
    assert text[1:] not in str(refused.value)


_UNITS = [
    "1",
    "1 ",
    "138-",
    "王",
    "王老师",
    "a@",
    "a.",
    "a_1-",
    "路",
    "小区1号",
    "一中",
    "三(",
    "微信",
    "工号是",
    "阿依·",
    "〔",
    "http://",
    "姓王",
    "1\u200b",
    "电话:",
    " ",
]


@pytest.mark.parametrize("unit", _UNITS)
def test_repeated_units_of_any_kind_are_answered(masker: Masker, unit: str) -> None:
    """A pattern repeated over two thousand characters is masked or refused."""
    masked = _masked(masker, (unit * 2_000)[:2_000])
    assert masked is None or len(masked.spans) <= 2_000


@pytest.mark.long
@pytest.mark.timeout(20)
@pytest.mark.parametrize("unit", _UNITS)
def test_the_longest_texts_of_any_kind_are_answered(masker: Masker, unit: str) -> None:
    """The same over twenty thousand characters ends far within the time limit of this test."""
    masked = _masked(masker, (unit * LONGEST)[:LONGEST])
    assert masked is None or len(masked.spans) <= LONGEST
