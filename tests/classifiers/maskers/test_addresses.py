"""Addresses down to the door, and roads and rooms that are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from classifiers.maskers.addresses import AddressFinder
from classifiers.maskers.finding import Finder

Found = Callable[[Finder, str], list[str]]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("家住建设路18号2号楼3单元402室。", "建设路18号2号楼3单元402室"),
        ("文昌街道和平里小区7号楼1单元501，", "和平里小区7号楼1单元501"),
        ("桐梓坡路56号阳光花苑3栋1204", "桐梓坡路56号阳光花苑3栋1204"),
        ("团结路甲12号家属院3单元201", "团结路甲12号家属院3单元201"),
        ("石塘村二组17号是我家", "石塘村二组17号"),
        ("我住桃源新村，离学校远", "桃源新村"),
        ("去年住教师公寓2栋306", "教师公寓2栋306"),
        ("迎宾道112号", "迎宾道112号"),
        ("学院西路127弄3幢502", "学院西路127弄3幢502"),
    ],
)
def test_finds_addresses(found: Found, text: str, address: str) -> None:
    """An address runs from the road, estate or village to the door; the office in front stays."""
    assert found(AddressFinder(), text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "经过人民路和解放路的交叉口",
        "沿江大道全封了",
        "教学楼3楼会议室",
        "坐12路车",
        "京教人〔2021〕5号",
        "白沙村离学校四十里",
        "一路上走了3里",
        "马路上站岗2小时",
        "地铁2号线",
    ],
)
def test_leaves_roads_and_rooms(found: Found, text: str) -> None:
    """A road, village or room of a school without a home's door stays."""
    assert found(AddressFinder(), text) == []
