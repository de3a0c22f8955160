"""Telephone numbers in every writing, and numbers that are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from classifiers.maskers.finding import Finder
from classifiers.maskers.phones import PhoneFinder

Found = Callable[[Finder, str], list[str]]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("电话13805317642，盼复", "13805317642"),
        ("手机159 5312 0087", "159 5312 0087"),
        ("打138-1234-8790找她", "138-1234-8790"),
        ("全角１３９７４８２６６１５也行", "１３９７４８２６６１５"),
        ("拨一三八零零五三六七幺二", "一三八零零五三六七幺二"),
        ("壹叁玖贰捌零零柒陆伍叁", "壹叁玖贰捌零零柒陆伍叁"),
        ("号码1 3 5 0 1 7 7 8 2 9 6", "1 3 5 0 1 7 7 8 2 9 6"),
        ("号码1 3 5-0 1 7 7-8 2 9 6", "1 3 5-0 1 7 7-8 2 9 6"),
        ("138.0013.8000", "138.0013.8000"),
        ("138\u200b0013\u200b8000", "138\u200b0013\u200b8000"),
        ("138\n0013\n8000", "138\n0013\n8000"),
        ("138空0013空8000", "138空0013空8000"),
        ("138（中间空一下）0013（再空）8000", "138（中间空一下）0013（再空）8000"),
        ("13八001三8OO0", "13八001三8OO0"),
        ("yao san ba 0013 8000", "yao san ba 0013 8000"),
        ("电话+86 137 2001 4455晚上打", "+86 137 2001 4455"),
        ("0086-13720014455", "0086-13720014455"),
        ("13812345678一直打不通", "13812345678"),
        ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0"),
        ("电话0531-82047719", "0531-82047719"),
        ("（022）2748 3391是她的", "（022）2748 3391"),
        ("027-8765 4321 转 806", "027-8765 4321 转 806"),
        ("办公电话83216640", "83216640"),
        ("短号661234", "661234"),
        ("0912-345-678", "0912-345-678"),
    ],
)
def test_finds_the_number(found: Found, text: str, number: str) -> None:
    """The whole number is found, whatever stands between its digits."""
    assert found(PhoneFinder(), text) == [number]


def test_finds_each_of_two_neighbours(found: Found) -> None:
    """Two numbers with only a space between them are two findings."""
    assert found(PhoneFinder(), "13812345678 13987654321") == ["13812345678", "13987654321"]


@pytest.mark.parametrize(
    "text",
    [
        "拨打12345三次",
        "96110是反诈专线",
        "客服电话400-820-8820",
        "编号20211123000417",
        "任务编号13912345678901",
        "数一下：13、15、17、19、21、23",
        "2018年146份，2019年201份，2020年388份",
        "138人，1234份，5678元",
        "会议号 886 204 713",
        "打卡 8321664 次",
        "2021-10-08 13:45:30",
        "京教人〔2021〕5号",
        "身高138.5 体重40.2 视力5.0",
    ],
)
def test_leaves_other_numbers(found: Found, text: str) -> None:
    """Hotlines, counts, dates and task numbers are no telephone numbers."""
    assert found(PhoneFinder(), text) == []
