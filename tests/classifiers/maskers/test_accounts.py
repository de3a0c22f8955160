"""E-mail addresses and chat accounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from classifiers.maskers.accounts import ChatAccountFinder, EmailFinder
from classifiers.maskers.finding import Finder

Found = Callable[[Finder, str], list[str]]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("发送至sun-gf_1980@163.com谢谢", "sun-gf_1980@163.com"),
        ("ｚｈａｏ＠１６３．ｃｏｍ全角", "ｚｈａｏ＠１６３．ｃｏｍ"),
        ("邮箱liao1983 at 126 dot com", "liao1983 at 126 dot com"),
        ("liao艾特163点com", "liao艾特163点com"),
        ("mo[at]foxmail.com", "mo[at]foxmail.com"),
        ("mo#foxmail.com（#换@）", "mo#foxmail.com"),
        ("k.zhou @ qq . com", "k.zhou @ qq . com"),
        ("a@b.edu.cn。", "a@b.edu.cn"),
        ("邮箱是teacher_77", "teacher_77"),
    ],
)
def test_finds_addresses(found: Found, text: str, address: str) -> None:
    """The at sign and the dots may be written out."""
    assert found(EmailFinder(), text) == [address]


@pytest.mark.parametrize(
    "text", ["@所有人 今晚交", "look at this", "C#语言", "邮箱满了", "5*8", "@全体成员 3点开会", "发到学校邮箱里"]
)
def test_leaves_other_at_signs(found: Found, text: str) -> None:
    """Calls of a group and plain words are no addresses."""
    assert found(EmailFinder(), text) == []


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("微信lazi_meimei88 可以加", "lazi_meimei88"),
        ("vx：miao_teacher95，细聊", "miao_teacher95"),
        ("加薇❤ tomato_88ls", "tomato_88ls"),
        ("我的V信：xiaoyu1988zz", "xiaoyu1988zz"),
        ("威信 qingfeng-LS", "qingfeng-LS"),
        ("卫星号hjk20091", "hjk20091"),
        ("微訊號：wang-mama2010", "wang-mama2010"),
        ("微信号:ZhangLaoshi", "ZhangLaoshi"),
        ("QQ号382719405", "382719405"),
        ("扣扣三八二七一九四零五", "三八二七一九四零五"),
        ("QQ 2748 119 306", "2748 119 306"),
        ("企鹅：506611728", "506611728"),
        ("wxid_8a2k3j4h5g6f22", "wxid_8a2k3j4h5g6f22"),
        ("wxd1980913（微信）", "wxd1980913"),
        ("抖音号lsxx_2019", "lsxx_2019"),
        ("Ｗｘ：ａｂｃ１２３４５", "ａｂｃ１２３４５"),
    ],
)
def test_finds_accounts(found: Found, text: str, account: str) -> None:
    """The label may be a sound-alike; only the account is found."""
    assert found(ChatAccountFinder(), text) == [account]


@pytest.mark.parametrize(
    "text",
    [
        "微信群里接龙30个人",
        "老师没有威信",
        "发射卫星",
        "企鹅很可爱",
        "用微信excel表",
        "QQ群500人",
        "微信打卡12345次",
        "加微信群",
        "微信公众号点赞",
        "wechat group",
        "V字形队伍",
    ],
)
def test_leaves_talk_about_chat_apps(found: Found, text: str) -> None:
    """A label without an account stays."""
    assert found(ChatAccountFinder(), text) == []
