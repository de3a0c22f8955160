"""Tests of the kind of a message."""

from __future__ import annotations

import pytest

from classifiers.classifier import Classifier
from classifiers.kind import chosen
from classifiers.linear import LinearModel
from domain.classification import Kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("凭什么让老师站马路", Kind.REPORT),
        ("镇里又让我们班主任挨家催缴医保,收不齐扣绩效", Kind.REPORT),
        ("说是自愿下载,不下载就通报,这叫自愿?", Kind.REPORT),
        ("请问下载反诈APP是强制的吗", Kind.QUESTION),
        ("想问一下借调最长可以多久,有没有文件规定", Kind.QUESTION),
        ("如果街道让老师去值守,学校可以拒绝吗", Kind.QUESTION),
        ("感谢学校取消了APP打卡", Kind.PRAISE),
        ("今年终于不用站马路了,谢谢", Kind.PRAISE),
        ("报表从十几张合并成一张,轻松多了", Kind.PRAISE),
        ("工资又拖了两个月没发", Kind.COMPLAINT),
        ("家长不讲理,跑到学校来骂人", Kind.COMPLAINT),
        ("医保报销比例太低了,看个病花五千", Kind.COMPLAINT),
        ("你好,在吗", Kind.CHAT),
        ("测试一下", Kind.CHAT),
        ("祝大家教师节快乐", Kind.CHAT),
    ],
)
def test_kinds_are_told_apart(classifier: Classifier, text: str, kind: Kind) -> None:
    """The burden decides, not the keyword: thanks, questions and other grievances about the same things differ."""
    assert classifier.classify(text).kind is kind


@pytest.mark.parametrize("text", ["", " ", "😭😭", "。。。", "〔学校〕", "\u200b"])
def test_a_text_with_nothing_to_read_is_chat(classifier: Classifier, text: str) -> None:
    """Signs and gaps alone say nothing."""
    reading = classifier.classify(text)
    assert reading.kind is Kind.CHAT
    assert reading.labels == ()
    assert len(reading.candidates) >= 3


def test_a_head_start_decides_a_narrow_race() -> None:
    """The learned head start is added to the first class."""
    model = LinearModel("kind", ("report", "chat"), (0, 0), {}, {"report": 0.1}, {})
    assert chosen(model, [0.45, 0.5]) == "report"
    assert chosen(model, [0.35, 0.5]) == "chat"


@pytest.mark.parametrize("text", ["图", "图。", "1", "😀😀", "…"])
def test_a_single_character_is_chat(classifier: Classifier, text: str) -> None:
    """Nobody reports a burden in one character, whatever its weight."""
    assert classifier.classify(text).kind is Kind.CHAT
