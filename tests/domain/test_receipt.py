"""The receipt: what is noticed, what is forgiven, what is never shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.receipt import ALPHABET, RANDOM_SYMBOLS, Receipt, receipt_in, resembles_receipt

receipts = st.lists(st.integers(0, 30), min_size=RANDOM_SYMBOLS, max_size=RANDOM_SYMBOLS).map(Receipt.issue)
EXAMPLE = Receipt.issue(range(RANDOM_SYMBOLS))


def full_width(text: str) -> str:
    return "".join(chr(ord(symbol) + 0xFEE0) if "!" <= symbol <= "~" else symbol for symbol in text)


@given(receipts, st.data())
def test_any_single_wrong_symbol_is_noticed(receipt: Receipt, data: st.DataObject) -> None:
    """Whichever symbol is replaced by whichever other, the code is refused."""
    place = data.draw(st.integers(0, 19))
    wrong = data.draw(st.sampled_from([symbol for symbol in ALPHABET if symbol != receipt.code[place]]))
    with pytest.raises(ValueError, match="typing error"):
        Receipt(receipt.code[:place] + wrong + receipt.code[place + 1 :])


@given(receipts, st.data())
def test_any_two_wrong_symbols_are_noticed(receipt: Receipt, data: st.DataObject) -> None:
    """Two wrong symbols at once are refused as well, wherever they stand."""
    first, second = sorted(data.draw(st.sets(st.integers(0, 19), min_size=2, max_size=2)))
    symbols = list(receipt.code)
    for place in (first, second):
        symbols[place] = data.draw(st.sampled_from([symbol for symbol in ALPHABET if symbol != symbols[place]]))
    with pytest.raises(ValueError, match="typing error"):
        Receipt("".join(symbols))


@pytest.mark.parametrize("place", range(20))
def test_every_replacement_in_one_receipt_is_noticed(place: int) -> None:
    """All thirty other symbols are refused at each of the twenty places."""
    for symbol in set(ALPHABET) - {EXAMPLE.code[place]}:
        with pytest.raises(ValueError, match="typing error"):
            Receipt(EXAMPLE.code[:place] + symbol + EXAMPLE.code[place + 1 :])


@given(receipts, st.integers(0, 18))
def test_a_swap_of_two_neighbours_is_noticed(receipt: Receipt, place: int) -> None:
    """Two neighbours that change places are refused, unless they are the same symbol."""
    code = receipt.code
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped == code:
        assert Receipt(swapped) == receipt
    else:
        with pytest.raises(ValueError, match="typing error"):
            Receipt(swapped)


@given(receipts, st.sampled_from(["-", " ", "", "—", "–", "·", "　", "\n", "\u200b"]), st.booleans(), st.booleans())
def test_a_receipt_survives_how_people_type(receipt: Receipt, between: str, wide: bool, lower: bool) -> None:
    """Case, width and what stands between the groups change nothing."""
    text = str(receipt).replace("-", between)
    text = text.lower() if lower else text
    assert Receipt.parse(full_width(text) if wide else text) == receipt


@given(receipts, st.data())
def test_a_missing_or_doubled_symbol_is_noticed(receipt: Receipt, data: st.DataObject) -> None:
    """A code that is too short or too long is refused."""
    place = data.draw(st.integers(0, 19))
    code = receipt.code
    for wrong in (code[:place] + code[place + 1 :], code[:place] + code[place] + code[place:]):
        with pytest.raises(ValueError, match="20 letters and digits"):
            Receipt.parse(wrong)


def test_a_receipt_is_hidden_from_logs() -> None:
    """The code is in no representation that a log could hold."""
    assert EXAMPLE.code not in repr(EXAMPLE)
    assert EXAMPLE.code[:5] not in f"{[EXAMPLE]}"


def test_the_alphabet_has_no_look_alikes() -> None:
    """No symbol is mistaken for another, and none is changed by the normal form people's phones make."""
    assert not set("01ILO") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET) == 31
    assert unicodedata.normalize("NFKC", ALPHABET).upper() == ALPHABET


@pytest.mark.parametrize("chance", [[], [0] * 17, [0] * 19, [0] * 17 + [31], [0] * 17 + [-1]])
def test_a_receipt_is_made_of_eighteen_symbols_only(chance: list[int]) -> None:
    """Too few, too many or impossible random numbers make no receipt."""
    with pytest.raises(ValueError, match="18 numbers"):
        Receipt.issue(chance)


@given(receipts)
def test_a_receipt_is_found_in_a_copied_answer(receipt: Receipt) -> None:
    """The whole bubble pasted back is as good as the receipt, in either language and in any width."""
    for text in (
        f"已收到，谢谢您说出来。\n回执号：{receipt}\n请自己存好：查进度、撤回都只认它。",
        f"Receipt: {receipt}\nKeep it yourself.",
        f"我的回执号是{full_width(str(receipt))}。",
        f"RECEIPT {receipt}",
    ):
        assert receipt_in(text) == receipt


@pytest.mark.parametrize(
    "text",
    ["", "今天又让我们投票", "110101199003074578", str(EXAMPLE)[:-1], f"X{EXAMPLE}", f"{EXAMPLE}7", "2" * 19 + "3"],
)
def test_no_receipt_is_seen_where_there_is_none(text: str) -> None:
    """Reports, numbers and parts of a receipt are none."""
    assert receipt_in(text) is None


@given(receipts, st.data())
def test_a_mistyped_receipt_resembles_one(receipt: Receipt, data: st.DataObject) -> None:
    """One wrong, missing or added symbol leaves a text that is nothing but a mistyped receipt."""
    code = str(receipt)
    if not 6 <= sum(symbol.isalpha() for symbol in code) <= 18:
        return  # one receipt in hundreds: it is answered as an ordinary text
    place = data.draw(st.sampled_from([place for place, symbol in enumerate(code) if symbol != "-"]))
    other = data.draw(st.sampled_from("0OIL1X"))
    for typed in (code[:place] + other + code[place + 1 :], code[:place] + code[place + 1 :], f"{code}{other}"):
        assert resembles_receipt(typed)
        assert resembles_receipt(full_width(typed.lower()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "6222021234567890123",
        "110101199003074578",
        "11010119900307457X",
        "每天都要填一样的表真的很累啊各位领导",
        "THISISFARTOOMUCHWORK",
        "ABCDE-FGHJK",
        f"{EXAMPLE} 怎么还没有结果",
    ],
)
def test_other_texts_do_not_resemble_a_receipt(text: str) -> None:
    """Card numbers, words, parts of a receipt and sentences with one are no mistyped receipt."""
    assert not resembles_receipt(text)
