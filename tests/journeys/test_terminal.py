"""The chat in the terminal, as piped lines into the started program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.fakes.crowd import RECEIPT
from tests.fakes.process import Ended, jianfu

pytestmark = pytest.mark.timeout(60)

_REPORT = "上周校长要求我们每天在学习强国上打卡，还要截图交到群里，评优要看积分。"


def _chat(folder: Path, *lines: str) -> Ended:
    ended = jianfu(folder, "run", given="".join(f"{line}\n" for line in lines).encode())
    assert ended.code == 0, ended.errors
    assert ended.errors == ""
    return ended


def test_a_whole_conversation_and_its_receipt_in_later_starts(folder: Path) -> None:
    """A report ends with a receipt, with which another start shows and withdraws it."""
    first = _chat(folder, "/start", _REPORT, "1")
    (receipt,) = set(RECEIPT.findall(first.out))
    later = _chat(folder, f"/status {receipt}", f"/withdraw {receipt}", f"/status {receipt.lower()}")
    assert "这条反映已保存" in later.out
    assert "已撤回：内容删除了" in later.out
    assert "这条反映已经撤回" in later.out


def test_input_that_ends_with_an_open_draft(folder: Path) -> None:
    """At the end of input an open draft is dropped and said so; odd lines before it each get one answer."""
    lines = ["", "   ", "\x01\x02", "😀😀😀", "嗯", "/unknown", "／help", "7", "\x1b[31m红色", _REPORT]
    out = _chat(folder, *lines).out
    answers = out.split("> ")[1:]
    assert len(answers) == len(lines)
    empty, blank, control, emoji, single, unknown, full_width, number, escape, report = answers
    assert "这条消息是空的" in empty
    assert "这条消息是空的" in blank
    assert "不是能读的文字" in control
    assert "没有当作反映" in emoji or "我在" in emoji
    assert re.search("没有保存|我在|当作", single)
    assert "没有这个命令" in unknown
    assert "/status" in full_width
    assert re.search("没有可选的编号|没有这个选项", number)
    assert "不是能读的文字" in escape
    assert "提交" in report
    assert report.rstrip().endswith("未提交：正在写的这条没有保存。")
    assert not RECEIPT.search(out)


def test_input_that_is_no_text(folder: Path) -> None:
    """Binary input gets a sentence a line and no traceback; no input at all ends cleanly."""
    ended = jianfu(folder, "run", given=b"\xff\xfe\x00\x01\n\x89PNG\r\n\x1a\n\xe4\xb8")
    assert (ended.code, ended.errors) == (0, "")
    assert ended.out.count("不是能读的文字") == ended.out.count("> ") == 4
    nothing = jianfu(folder, "run")
    assert (nothing.code, nothing.errors) == (0, "")
    assert "终端试用" in nothing.out
