"""Finds addresses of e-mail and accounts of WeChat, QQ and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.maskers.digits import runs
from classifiers.maskers.finding import Finding, Passage
from classifiers.maskers.word_list import words
from domain.masked_text import PersonalData

_AT = re.compile(
    r"\s{0,2}(?:@|\(at\)|\[at\]|\{at\}|<at>|\(a\)|\[a\]|艾特|圈a|a圈|爱特|\(@\)|\[@\]|#|&|\*|(?<=[\s\d])at(?=[\s\d])|"
    r"(?<=_)at(?=_))\s{0,2}",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9_%+-]|\.(?=[A-Za-z0-9])|\s?(?:点|dot)\s?(?=[A-Za-z0-9])){0,39}$", re.ASCII
)
_HOSTS = (
    r"qq|vip\.qq|foxmail|163|126|139|189|yeah|sina|sohu|gmail|outlook|hotmail|icloud|live|msn|yahoo|aliyun|tom|"
    r"21cn|wo"
)
_DOT = r"\s{0,2}(?:\.|点|dot|。|·|,|\(点\)|\[dot\]|\(dot\))\s{0,2}"
_DOMAIN = re.compile(
    rf"(?:[A-Za-z0-9][A-Za-z0-9-]{{0,30}}{_DOT}){{1,4}}(?:com|cn|net|org|edu|gov|hk|tw|io|me|cc|info|top|xyz|vip|"
    rf"club)(?![A-Za-z0-9])",
    re.ASCII | re.IGNORECASE,
)
_HOST_ALONE = re.compile(rf"(?:{_HOSTS})(?:邮箱)?(?![A-Za-z0-9])", re.ASCII | re.IGNORECASE)
_QQ_MAIL = re.compile(
    r"(?:邮箱|邮件|信箱|e-?mail|mail)(?:地址|号)?(?:是|为|:|\s|发|到|至|给){0,4}([A-Za-z0-9][\w.-]{4,30})",
    re.ASCII | re.IGNORECASE,
)
_AFTER_AT = 45

_LABEL = re.compile(
    r"(?:加(?:我|一下|他|她|个)?的?\s?[+＋]?(?:v信?|薇信?|微信?|徽信?|威信?|企鹅|扣扣?|q)|微\s?信|薇\s?信|徽\s?信|微❤|微讯|微x|薇x|薇❤|v\s?信|v❤|"
    r"v\s?x|w\s?x|威信|卫星|伟信|维信|嶶信|溦信|薇芯|微芯|薇|wei\s?xin|we\s?chat|"
    r"绿泡泡|绿色软件|绿信|微號|q\s?q|扣\s?扣|抠\s?抠|叩叩|球球|企\s?鹅|q号|q群|扣号|腾讯号|wx号|v号|\bv(?=[:\s])|\bq(?=[:\s])|"
    r"抖音号|快手号|小红书号|微博号?|b站|钉钉号|支付宝账?号?|tg|telegram|line|whats\s?app|飞书号|知乎号|ins)",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:号码|账号|同号|好友|联系|群号?|小号|大号|昵称|名|ID|号|群|码|信|❤|💬|🐧)?[\s]{0,2}(?:都|也|就)?(?:是|为|叫|用|搜|加|"
    r"填)?(?:我的?)?[\s:=\"“”'‘’()\[\]【】,、—\-~→👉]{0,5}",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{3,29}(?![A-Za-z0-9_])", re.ASCII)
_WXID = re.compile(r"(?<![A-Za-z0-9])wxid_[a-z0-9]{8,24}", re.ASCII | re.IGNORECASE)
_REVERSED = re.compile(
    r"(?<![\w@.-])([A-Za-z][\w-]{4,29}|[1-9]\d{4,10})[\"”’)\]]?\s?[(,]?\s?(?:这个)?(?:就?是|为)?(?:我|他|她|本人)?的?(?:微信|"
    r"薇信|vx|v信|wx|wechat|qq|扣扣|企鹅号)(?![A-Za-z群上里公打签投统运文平官会聊])",
    re.ASCII | re.IGNORECASE,
)
_COUNTED = re.compile(r"\s?(?:[次人个元份名条步页字张分块群]|多|万|余|年|月)")
_COMMON = frozenset(
    words(
        """
        excel word group wechat weixin ppt app android iphone ipad email link http https work teacher school class
        group2 windows office video qrcode robot link bot web plus team zoom
        """
    )
)
_QQ = re.compile(r"[1-9]\d{4,10}")


class EmailFinder:
    """Finds e-mail addresses, also with the at sign or the dots written out."""

    def find(self, passage: Passage) -> Iterator[Finding]:
        """Return the addresses found; each at sign is looked at once, with bounded room on both sides."""
        for at in _AT.finditer(passage.text):
            low = max(0, at.start() - 48)
            local = _LOCAL.search(passage.text[low : at.start()])
            if local is None:
                continue
            domain = _DOMAIN.match(passage.text[: at.end() + _AFTER_AT], at.end())
            written = "@" in at[0]
            if domain is None and (written or at[0].strip() not in "#&*"):
                domain = _HOST_ALONE.match(passage.text, at.end())
            if domain is None and written:
                continue
            if domain is not None:
                yield Finding(low + local.start(), domain.end(), PersonalData.EMAIL, "e-mail address", rank=1)
        for match in _QQ_MAIL.finditer(passage.text):
            if any(character.isdigit() for character in match[1]) and "." not in match[1]:
                yield Finding(*match.span(1), PersonalData.EMAIL, "name behind a word for e-mail", rank=4)


class ChatAccountFinder:
    """Finds WeChat names and QQ numbers behind their labels, also behind sound-alikes of the labels."""

    def find(self, passage: Passage) -> Iterator[Finding]:
        """Return the accounts found."""
        numbers = _numbers(passage)
        for label in _LABEL.finditer(passage.text):
            link = _LINK.match(passage.text, label.end())
            position = link.end() if link else label.end()
            yield from self._named(passage, position)
            for start in (label.end(), position):
                if start in numbers:
                    why = "number behind a word for a chat account"
                    yield Finding(start, numbers[start], PersonalData.WECHAT, why, rank=4)
                    break
        for match in _WXID.finditer(passage.text):
            yield Finding(match.start(), match.end(), PersonalData.WECHAT, "internal WeChat name", rank=2)
        for match in _REVERSED.finditer(passage.text):
            if match[1].lower() not in _COMMON and (match[1].isdigit() or _looks_made_up(match[1])):
                yield Finding(*match.span(1), PersonalData.WECHAT, "name in front of a word for a chat account", rank=4)

    def _named(self, passage: Passage, position: int) -> Iterator[Finding]:
        name = _NAME.match(passage.text, position)
        if name is None or name[0].lower() in _COMMON:
            return
        direct = passage.text[position - 1 : position] in ":=号" or passage.before(position, 2) in ("是 ", "叫 ")
        if _looks_made_up(name[0]) or direct:
            why = "name behind a word for a chat account"
            yield Finding(*name.span(), PersonalData.WECHAT, why, rank=4)


def _looks_made_up(name: str) -> bool:
    return any(character.isdigit() or character in "_-" for character in name)


def _numbers(passage: Passage) -> dict[int, int]:
    """Where numbers of the length of a QQ number begin and end."""
    found: dict[int, int] = {}
    for group in passage.groups:
        for run in runs(group, _QQ, longest=11, starts=1):
            even = len(run.segments) == 1 or (len(set(run.gaps)) == 1 and max(len(gap) for gap in run.gaps) == 1)
            if even and not run.worded and not _COUNTED.match(passage.after(run.end, 3)):
                found[run.start] = run.end
    return found
