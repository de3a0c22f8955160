"""Tests of the demanding body."""

from __future__ import annotations

import pytest

from classifiers.classifier import Classifier
from domain.classification import Body


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("教育局要求每天报三次数据", Body.EDUCATION),
        ("校长让老师轮流看宿舍", Body.SCHOOL),
        ("街道办叫老师去入户登记", Body.TOWNSHIP),
        ("居委会让我们去挨家敲门发通知", Body.COMMUNITY),
        ("派出所要求老师让家长下载反诈中心App", Body.POLICE),
        ("疾控中心要我们每天报晨检表", Body.HEALTH),
        ("消防大队来讲课占了两节", Body.FIRE),
        ("创城办让老师周末上街捡烟头", Body.CIVILIZATION),
        ("城管局让老师去劝占道摊贩", Body.URBAN),
        ("县委宣传部抽走我们语文老师写稿", Body.PARTY),
        ("团委让每个班青年大学习截图", Body.LEAGUE),
        ("妇联要求家长关注公众号投票", Body.WOMEN),
        ("司法局进校园宣讲又占课", Body.JUSTICE),
        ("统计局抽老师去做经济普查", Body.STATISTICS),
        ("税务局来讲税法,占了班会课", Body.MARKET),
        ("一个人教三个年级,嗓子都哑了", None),
    ],
)
def test_the_body_that_asks_is_found(classifier: Classifier, text: str, body: Body | None) -> None:
    """The office named as asking is the body; where nobody is named there is none."""
    assert classifier.classify(text).body is body


def test_only_reports_have_a_body(classifier: Classifier) -> None:
    """A question that names an office has no demanding body."""
    assert classifier.classify("请问教育局有没有规定借调最长多久?").body is None
