"""Schools and classes, and words that only speak of a kind of school."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from classifiers.maskers.finding import Finder
from classifiers.maskers.schools_and_classes import ClassFinder, SchoolFinder

Found = Callable[[Finder, str], list[str]]


@pytest.mark.parametrize(
    ("text", "schools"),
    [
        ("我在石桥乡中心小学教书", ["石桥乡中心小学"]),
        ("实验二小延到六点", ["实验二小"]),
        ("市一中与市三中的做法不同", ["市一中", "市三中"]),
        ("三中的老师", ["三中"]),
        ("附小那边不用打卡", ["附小"]),
        ("师大附小真的卷", ["师大附小"]),
        ("调到大河乡九年一贯制学校", ["大河乡九年一贯制学校"]),
        ("和平路小学的孩子", ["和平路小学"]),
        ("市特殊教育学校的老师", ["市特殊教育学校"]),
        ("春晖幼儿园的老师", ["春晖幼儿园"]),
        ("云山县职业中等专业学校", ["云山县职业中等专业学校"]),
        ("清源县职教中心", ["清源县职教中心"]),
        ("红旗村教学点只有两人", ["红旗村教学点"]),
        ("前進國小老師", ["前進國小"]),
        ("我们七小和九小", ["七小", "九小"]),
        ("第八中学", ["第八中学"]),
        ("高桥镇完小听课", ["高桥镇完小"]),
        ("龙泉村小的孩子", ["龙泉村小"]),
    ],
)
def test_finds_schools(found: Found, text: str, schools: list[str]) -> None:
    """A school is found with the place name that is part of its name."""
    assert found(SchoolFinder(), text) == schools


@pytest.mark.parametrize(
    "text",
    [
        "我们学校是一所普通的农村小学",
        "全县的幼儿园、小学、初中都收到了",
        "中心小学要求各校上报",
        "村小的常态",
        "其中一小部分",
        "一小时填三张表，二小时开会",
        "三中全会精神",
        "高一中段考",
        "十一中午",
        "重点中学和薄弱学校",
        "回到学校，离开学校",
        "第二天学校通知",
        "到底归学校还是归交警",
        "中小学校长",
        "某小学某中学",
    ],
)
def test_leaves_kinds_of_schools(found: Found, text: str) -> None:
    """What only says a kind of school, and numbers of other things, stay."""
    assert found(SchoolFinder(), text) == []


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("三(2)班家长", ["三(2)班"]),
        ("教初二七班和初二八班", ["初二七班", "初二八班"]),
        ("高一(13)班", ["高一(13)班"]),
        ("二年级5班", ["二年级5班"]),
        ("高一（3）班", ["高一（3）班"]),
        ("四年级一班", ["四年级一班"]),
        ("2019级3班", ["2019级3班"]),
        ("七年级3、4班", ["七年级3、4班"]),
        ("21级机电2班", ["21级机电2班"]),
        ("我带三班", ["三班"]),
        ("八年级（5）班", ["八年级（5）班"]),
        ("五(3)的班主任", ["五(3)"]),
        ("五(3)的学生", ["五(3)"]),
    ],
)
def test_finds_classes(found: Found, text: str, classes: list[str]) -> None:
    """Grade and number make a class, in every bracket."""
    assert found(ClassFinder(), text) == classes


@pytest.mark.parametrize(
    "text", ["带两个班", "三班倒", "值班1班次", "一年级老师", "每班50人", "第一(2)条", "高三不用上课", "全班"]
)
def test_leaves_counts_of_classes(found: Found, text: str) -> None:
    """Counts, shifts and bare grades stay."""
    assert found(ClassFinder(), text) == []
