"""A statistics question names weeks, regions and what was counted, in Chinese or English."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.pack_loader import load_pack
from domain.period_words import Calendar, UnclearPeriodError
from domain.question import UnclearWordError, Vocabulary, read_question
from domain.region import Region
from domain.week import Week
from tests.bot.services.week_examples import PACK, TERMS, TREE

CALENDAR = Calendar(date(2026, 10, 7), TERMS, (Week(2026, 39), Week(2026, 40)))
VOCABULARY = Vocabulary(PACK, TREE.regions)


def read(text: str) -> tuple[list[str], list[str], list[str]]:
    asked = read_question(text, VOCABULARY, CALENDAR)
    return [str(one) for one in asked.periods], list(asked.regions), [one.id for one in asked.subjects]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", ([], [], [])),
        ("海淀", ([], ["haidian"], [])),
        ("海淀区", ([], ["haidian"], [])),
        ("haidian", ([], ["haidian"], [])),
        ("ＨＡＩＤＩＡＮ", ([], ["haidian"], [])),
        ("全市", ([], ["city"], [])),
        ("京州", ([], ["city"], [])),
        ("whole city voting", ([], ["city"], ["forced_app_voting"])),
        ("投票点赞", ([], [], ["forced_app_voting"])),
        ("投票", ([], [], ["forced_app_voting"])),
        ("forced_app_voting", ([], [], ["forced_app_voting"])),
        ("集赞", ([], [], ["forced_app_voting"])),
        ("防溺水", ([], [], ["special_campaign"])),
        ("摊派志愿服务", ([], [], ["street_duty"])),
        ("社会事务", ([], [], ["social_affairs"])),
        ("forms", ([], [], ["forms"])),
        ("教育部门", ([], [], ["education"])),
        ("公安", ([], [], ["police"])),
        ("统计部门", ([], [], ["statistics"])),
        ("学校", ([], [], ["school"])),
        ("各类别", ([], [], ["all"])),
        ("上周 海淀 投票", (["2026-W40"], ["haidian"], ["forced_app_voting"])),
        ("上周海淀区投票有多少？", (["2026-W40"], ["haidian"], ["forced_app_voting"])),
        ("上月海淀的站马路情况", (["2026-W36..W39"], ["haidian"], ["street_duty"])),
        ("海淀、朝阳 站马路", ([], ["haidian", "chaoyang"], ["street_duty"])),
        ("how many accounts in haidian last week", (["2026-W40"], ["haidian"], [])),
        ("上周统计", (["2026-W40"], [], [])),
        ("强制关注、点赞投票", ([], [], ["forced_app_voting"])),
    ],
)
def test_questions_are_read(text: str, asked: tuple[list[str], list[str], list[str]]) -> None:
    assert read(text) == asked


@pytest.mark.parametrize(
    ("text", "word"),
    [("海淀 月亮", "月亮"), ("小鹏", "小鹏"), ("haidianx", "haidianx"), ("海", "海"), ("海淀月亮", "月亮")],
)
def test_a_word_that_means_nothing_is_named(text: str, word: str) -> None:
    with pytest.raises(UnclearWordError) as unclear:
        read(text)
    assert (unclear.value.word, unclear.value.meanings) == (word, ())


@pytest.mark.parametrize(
    ("word", "meanings"), [("台账", {"duplicate_forms", "material_writing"}), ("duty", {"exam_duty", "street_duty"})]
)
def test_a_word_that_means_several_things_names_them(word: str, meanings: set[str]) -> None:
    with pytest.raises(UnclearWordError) as unclear:
        read(f"上周 {word}")
    assert {meaning.id for meaning in unclear.value.meanings} == meanings


def test_two_regions_of_one_name_are_ambiguous() -> None:
    twins = [Region(id="north", name="鼓楼区", parent="city"), Region(id="south", name="鼓楼区", parent="city")]
    with pytest.raises(UnclearWordError) as unclear:
        read_question("鼓楼", Vocabulary(PACK, [*TREE.regions, *twins]), CALENDAR)
    assert {meaning.id for meaning in unclear.value.meanings} == {"north", "south"}


@given(text=st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is typed ends in a question or in one error that says which words were not understood."""
    try:
        asked = read_question(text, VOCABULARY, CALENDAR)
    except (UnclearWordError, UnclearPeriodError):
        return
    assert set(asked.regions) <= set(TREE.by_id)


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("投票", "forced_app_voting"),
        ("站马路", "street_duty"),
        ("培训", "irrelevant_training"),
        ("材料", "material_writing"),
        ("voting", "forced_app_voting"),
        ("公安", "police"),
        ("街道", "township"),
    ],
)
def test_the_shipped_pack_is_asked_in_everyday_words(word: str, meant: str, language: str) -> None:
    """In either language of the service, Chinese words and ids are understood."""
    vocabulary = Vocabulary(load_pack().in_language(language), TREE.regions)
    assert [one.id for one in read_question(word, vocabulary, CALENDAR).subjects] == [meant]


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_name_of_the_shipped_pack_is_understood(language: str) -> None:
    """Each category, group and body is found by its id, name and short name, and by nothing else's."""
    pack = load_pack().in_language(language)
    vocabulary = Vocabulary(pack, TREE.regions)
    names = [(word, one.id) for one in pack.categories for word in (one.id, one.name, one.short)]
    names += [(word, one.id) for one in pack.groups for word in (one.id, one.name)]
    names += [(name, body) for body, name in pack.body_names.items()]
    for word, id_ in names:
        asked = read_question(word, vocabulary, CALENDAR)
        assert ([one.id for one in asked.subjects], asked.periods, asked.regions) == ([id_], (), ())


def test_a_word_of_several_categories_asks_back() -> None:
    vocabulary = Vocabulary(load_pack(), TREE.regions)
    with pytest.raises(UnclearWordError) as unclear:
        read_question("检查", vocabulary, CALENDAR)
    assert {one.id for one in unclear.value.meanings} >= {"unapproved_inspection", "repeated_inspection"}
