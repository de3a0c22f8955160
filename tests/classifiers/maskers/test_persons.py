"""Names of persons in their many shapes, and words that only contain a surname."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from classifiers.maskers.finding import Finder
from classifiers.maskers.latin_names import LatinNameFinder
from classifiers.maskers.lexicon import Lexicon
from classifiers.maskers.name_parts import NameParts
from classifiers.maskers.persons import PersonFinder

Found = Callable[[Finder, str], list[str]]


@pytest.fixture(scope="module")
def finder(parts: NameParts, lexicon: Lexicon) -> PersonFinder:
    return PersonFinder(parts, lexicon)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("我叫葛洪亮，任教十九年", ["葛洪亮"]),
        ("王主任通知我们", ["王主任"]),
        ("找范副局长签字", ["范副局长"]),
        ("你找鞠科", ["鞠科"]),
        ("谭姐昨天哭了", ["谭姐"]),
        ("老陈守路口", ["老陈"]),
        ("又是小李值班", ["小李"]),
        ("阿珍你莫急", ["阿珍"]),
        ("欧阳静产假未满", ["欧阳静"]),
        ("司马校长请辞", ["司马校长"]),
        ("诗涵妈妈不用回复", ["诗涵"]),
        ("毛毛妈妈，打卡了吗", ["毛毛"]),
        ("扎西顿珠校长让写", ["扎西顿珠"]),
        ("校长陈国栋、书记吴敏都签了", ["陈国栋", "吴敏"]),
        ("向高明、石磊两位老师核实", ["高明", "石磊"]),
        ("找向校长请假", ["向校长"]),
        ("我姓佘，不是余", ["佘"]),
        ("姓名：上官云；", ["上官云"]),
        ("段一鸣没来，一鸣病了", ["段一鸣", "一鸣"]),
        ("孫老師你好", ["孫老師"]),
        ("邓校让我去", ["邓校"]),
    ],
)
def test_finds_names(found: Found, finder: PersonFinder, text: str, names: list[str]) -> None:
    """A surname with a title is found whole, a title behind a full or given name stays."""
    assert found(finder, text) == names


@pytest.mark.parametrize(
    "text",
    [
        "高兴的是检查少了",
        "马路上站岗不是老师的活",
        "方案改了八稿",
        "由于老师人手不够",
        "应校长要求，全体参加",
        "奖金老师们意见不大",
        "我向校长请假",
        "校长和老师都没错",
        "主任马上打电话来催",
        "校长高兴地说辛苦了",
        "老师周末加班，家长周三来",
        "连老师都要上街",
        "查老师的教案查了一天",
        "对方校长没来",
        "现任校长很好",
        "党员老师先上",
        "钱老是对不上",
        "任务繁重，时间紧，安全第一",
        "语文老师和美术老师",
        "全校家长何时能安心",
        "鲁教基〔2020〕12号",
        "拖了两个钟头",
        "石家庄的老师",
        "全国都姓资姓社地讨论",
        "金色童年幼儿园广播",
        "万一累病了，谁来教",
        "",
    ],
)
def test_leaves_words_that_contain_a_surname(found: Found, finder: PersonFinder, text: str) -> None:
    """Ordinary words and bare titles stay."""
    assert found(finder, text) == []


def test_a_finding_says_why_but_not_who(finder: PersonFinder, normalizer: object) -> None:
    """The reason names the rule, never the words of the text."""
    from classifiers.maskers.finding import Passage
    from classifiers.normalizer import Normalizer

    assert isinstance(normalizer, Normalizer)
    (finding,) = finder.find(Passage.of(normalizer.normalize("谭姐昨天哭了")))
    assert finding.why == "surname with title"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("W校长又来了", ["W校长"]),
        ("Z老师跟M主任吵", ["Z老师", "M主任"]),
        ("老F不说话", ["老F"]),
        ("年级组长Lily发问卷", ["Lily"]),
        ("Wang老师", ["Wang老师"]),
        ("zhang san老师让写", ["zhang san"]),
        ("ZXM（我们副校长）规定", ["ZXM"]),
        ("麦sir话落雨", ["麦sir"]),
        ("我叫阿依古丽·买买提，汉语不好", ["阿依古丽·买买提"]),
        ("努尔兰·叶尔肯老师", ["努尔兰·叶尔肯"]),
    ],
)
def test_finds_names_with_latin_letters_or_a_dot(found: Found, parts: NameParts, text: str, names: list[str]) -> None:
    """Initials with a title, English, Pinyin and dotted names are found."""
    assert found(LatinNameFinder(parts), text) == names


@pytest.mark.parametrize(
    "text",
    ["PPT老师做", "A4纸", "语文·数学·英语", "app老师们都装了", "QQ群主", "Word文档", "C级评价", "V字老师傅", "IT老师"],
)
def test_leaves_other_latin_letters(found: Found, parts: NameParts, text: str) -> None:
    """Acronyms, programs and lists are no names."""
    assert found(LatinNameFinder(parts), text) == []
