"""Commands as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.command_words import COMMANDS, as_command
from bot.conversation.turn import Commanded


@pytest.mark.parametrize(
    ("typed", "name", "argument"),
    [
        ("/help", "help", ""),
        ("／help", "help", ""),
        ("／ＨＥＬＰ", "help", ""),
        ("/Help@JianfuBot", "help", ""),
        ("  /status  ABCDE-FGHJK  ", "status", "ABCDE-FGHJK"),
        ("／status　ＡＢＣＤＥ", "status", "ABCDE"),
        ("/status\nABCDE", "status", "ABCDE"),
        ("/start haidian", "start", "haidian"),
        ("/进度 ABCDE", "status", "ABCDE"),
        ("进度 ABCDE", "status", "ABCDE"),
        ("进度　ABCDE", "status", "ABCDE"),
        ("撤回\nABCDE", "withdraw", "ABCDE"),
        ("取消", "cancel", ""),
        (" 帮助 ", "help", ""),
        ("隐私", "privacy", ""),
        ("统计 上周 海淀", "stats", "上周 海淀"),
        ("周报", "digest", ""),
        ("/vote now", "vote", "now"),
        ("/投票", "投票", ""),
        ("/", "", ""),
        ("/ 又要投票", "", "又要投票"),
        ("//", "/", ""),
    ],
)
def test_a_command_is_read(typed: str, name: str, argument: str) -> None:
    """A slash of any width, a name of any case, any white space, or a plain word."""
    assert as_command(typed) == Commanded(name, argument)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "又要投票",
        "取消这个投票吧",
        "取消 投票",
        "帮助 我们",
        "统计：每周都要报",
        "隐私 没有了",
        "统计 " + "每周都要报一次表" * 8,
        "我/他",
        "help",
    ],
)
def test_a_text_is_no_command(typed: str) -> None:
    """A word of command inside a sentence, or before more than it asks for, is text."""
    assert as_command(typed) is None


@given(st.text(max_size=80))
def test_any_text_can_be_asked(text: str) -> None:
    """Nothing a person types fails, and an argument has no blanks around it."""
    command = as_command(text)
    assert command is None or command.argument == command.argument.strip()


def test_every_command_has_its_slash() -> None:
    """All commands can be given by their own name."""
    assert [as_command(f"/{name}") for name in COMMANDS] == [Commanded(name) for name in COMMANDS]
