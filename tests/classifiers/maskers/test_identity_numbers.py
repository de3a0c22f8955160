"""Numbers that stand for a person: cards, plates, employees, pupils."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.maskers.finding import Finder
from classifiers.maskers.identity_numbers import (
    BankCardFinder,
    EmployeeNumberFinder,
    IdCardFinder,
    PlateFinder,
    luhn,
    valid_id,
)

Found = Callable[[Finder, str], list[str]]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("身份证11010519491231002X", "11010519491231002X"),
        ("110105194912310021没有标签、校验位也不对", "110105194912310021"),
        ("号：110105 19491231 002X", "110105 19491231 002X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "１１０１０５１９４９１２３１００２Ｘ"),
        ("一一零一零五一九四九一二三一零零二X", "一一零一零五一九四九一二三一零零二X"),
        ("证件号码：110105491231002", "110105491231002"),
        ("护照号E12345678", "E12345678"),
    ],
)
def test_finds_identity_numbers(found: Found, text: str, number: str) -> None:
    """Identity numbers are found by shape and birth date, documents by their label."""
    assert found(IdCardFinder(), text) == [number]


@pytest.mark.parametrize(
    "text", ["编号202111230004171234", "身份证复印件交了3次", "110105199913310021", "统一社会信用代码91110105MA01"]
)
def test_leaves_long_numbers_without_a_birth_date(found: Found, text: str) -> None:
    """Eighteen digits without a possible birth date are no identity number."""
    assert found(IdCardFinder(), text) == []


def test_check_digits() -> None:
    """The check digit of an identity number and of a card tell a slip of one digit."""
    assert valid_id("11010519491231002X")
    assert not valid_id("110105194912310020")
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")


@given(digits=st.text("0123456789", min_size=12, max_size=18), place=st.integers(0, 11), change=st.integers(1, 9))
def test_luhn_tells_every_changed_digit(digits: str, place: int, change: int) -> None:
    """No single changed digit passes the Luhn check."""
    whole = next(digits + last for last in "0123456789" if luhn(digits + last))
    wrong = whole[:place] + str((int(whole[place]) + change) % 10) + whole[place + 1 :]
    assert not luhn(wrong)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("卡号6222031902001234560", "6222031902001234560"),
        ("6228 4800 5001 2345 678", "6228 4800 5001 2345 678"),
        ("4111-1111-1111-1111", "4111-1111-1111-1111"),
        ("工资卡号是 1234567890123", "1234567890123"),
        ("打到六二二八四八零零五零零一二三四五六七八", "六二二八四八零零五零零一二三四五六七八"),
    ],
)
def test_finds_bank_cards(found: Found, text: str, number: str) -> None:
    """Cards are found by the first digits and the check digit, or by their label."""
    assert found(BankCardFinder(), text) == [number]


@pytest.mark.parametrize(
    "text", ["订单号6222031902001234560", "4111111111111112", "共1268行，批次20211109", "快递单号 4111111111111111"]
)
def test_leaves_orders(found: Found, text: str) -> None:
    """Orders and numbers with a wrong check digit stay."""
    assert found(BankCardFinder(), text) == []


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("鲁A·5T837的白车", "鲁A·5T837"),
        ("湘A6K218", "湘A6K218"),
        ("苏E·D12345司机", "苏E·D12345"),
        ("鄂A 9Q Q12", "鄂A 9Q Q12"),
        ("粤Ｂ１２３４５", "粤Ｂ１２３４５"),
        ("京A三八五二一停在门口", "京A三八五二一"),
        ("浙C8P66挂", "浙C8P66挂"),
        ("车牌尾号K66P8", "K66P8"),
    ],
)
def test_finds_plates(found: Found, text: str, plate: str) -> None:
    """Plates of cars, new-energy cars and trailers are found in any spacing."""
    assert found(PlateFinder(), text) == [plate]


@pytest.mark.parametrize("text", ["京教人〔2021〕5号", "豫A类资质", "川大A座12345", "新A版教材"])
def test_leaves_abbreviations_of_provinces(found: Found, text: str) -> None:
    """An abbreviation of a province alone is no plate."""
    assert found(PlateFinder(), text) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("工号2004117", ["2004117"]),
        ("我的工号是T0382", ["T0382"]),
        ("学籍号G440105201003152041", ["G440105201003152041"]),
        ("学号 20230101、20230102和20230103", ["20230101", "20230102", "20230103"]),
        ("员工编号：2016-B-118", ["2016-B-118"]),
        ("2019034是我工号", ["2019034"]),
        ("工号二零一九零三四", ["二零一九零三四"]),
        ("要填教师编号，我那个是51170214", ["51170214"]),
        ("准考证号 210903117", ["210903117"]),
    ],
)
def test_finds_employee_and_pupil_numbers(found: Found, text: str, numbers: list[str]) -> None:
    """The label speaks for the number behind it, in front of it and for a whole list."""
    assert found(EmployeeNumberFinder(), text) == numbers


@pytest.mark.parametrize(
    "text",
    ["工号一直没发", "学号三十几个人", "学籍要在20211008前报", "工号栏填了3次", "编号2021-1109-03", "工号隐去：**"],
)
def test_leaves_numbers_of_things(found: Found, text: str) -> None:
    """Dates, counts and numbers of tasks are nobody's."""
    assert found(EmployeeNumberFinder(), text) == []
