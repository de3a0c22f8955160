"""Web addresses that single somebody out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from classifiers.maskers.finding import Finder
from classifiers.maskers.urls import UrlFinder

Found = Callable[[Finder, str], list[str]]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("问卷https://wj.qq.com/s2/9981234/7c3f/在这", "https://wj.qq.com/s2/9981234/7c3f/"),
        ("http://vote.hnxcx.com/a/20211109/u?id=88213，投了", "http://vote.hnxcx.com/a/20211109/u?id=88213"),
        ("www.wjx.cn/vm/hT9kQ2x.aspx", "www.wjx.cn/vm/hT9kQ2x.aspx"),
        ("https://t.cn/A6xQ9pLm。", "https://t.cn/A6xQ9pLm"),
        ("http://xx.gov.cn/login?uid=5531", "http://xx.gov.cn/login?uid=5531"),
        ("wjx.top/vj/Qm3Zk9P.aspx", "wjx.top/vj/Qm3Zk9P.aspx"),
    ],
)
def test_finds_personal_addresses(found: Found, text: str, address: str) -> None:
    """A key in the path or a parameter makes an address personal; the stop behind it stays."""
    assert found(UrlFinder(), text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "见www.moe.gov.cn",
        "http://www.moe.gov.cn/jyb_xxgk/moe_1777/202104/t20210425_528077.html",
        "https://www.baidu.com/",
        "https://www.jyb.cn/news/index.html",
        "3.5/4.0",
        "K12.com",
    ],
)
def test_leaves_plain_addresses(found: Found, text: str) -> None:
    """Pages of offices and front pages stay."""
    assert found(UrlFinder(), text) == []
