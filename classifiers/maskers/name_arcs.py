"""Proposes names at each place of a text, with what they cost in bits there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from classifiers.maskers.lexicon import Lexicon
from classifiers.maskers.name_parts import NEVER_GIVEN, OTHER_GIVEN, NameParts
from classifiers.maskers.word_list import words

_TITLED, _NICKNAME, _FULL, _GIVEN_ONLY, _MINORITY = 4.0, 9.0, 9.0, 12.0, 5.0
_UNIT = 6.0
_SHORT_NAME = 2.0
_DOUBTFUL, _PARTICLE = 9.0, 14.0
_CROSSES_WORD = 8.0
_BEHIND_SURE_CUE, _BEHIND_OF = 13.0, 4.0
_BEFORE_TITLE, _BEHIND_CUE, _BEFORE_VERB, _ALONE = 9.0, 9.0, 3.0, 5.0
_CUES = words(
    """
    找 跟 问 叫 名叫 叫做 喊 姓名 联系人 收件人 户名 户主 反映人 来电人 来信人 诉求人 署名 签名 落款 我是 就是 教师
    同事 同学 女儿 儿子 妻子 丈夫 爱人 老公 老婆 师傅 徒弟 校长 主任 书记 局长 科长 处长 所长 站长 镇长 乡长 园长
    组长 组员 股长 县长 老师 班主任 学生 闺蜜 搭档 领导 干部 侄女 侄子 外甥 外甥女 孙子 孙女 表哥 表姐 表妹 堂哥
    弟媳 姐夫 妹夫 朋友 名字是 本名 真名 大名 昵称 联系 转告 感谢 谢谢 致 @ 、 和 与 让 请 经办人 负责人 填表人
    来访人 证人 代表 家属 家长 妈妈 爸爸
    """
)
_SURE_CUES = words(
    """
    我叫 名叫 叫做 他叫 她叫 的叫 姓名 联系人 收件人 户名 户主 反映人 来电人 来信人 诉求人 署名 落款 真名 大名 本名
    @
    """
)
# Behind these a doubtful surname is no doubt more; 校长和老师 shows that a title says nothing about 和 with a title.
_OPENING_CUES = (*_SURE_CUES, *words("找 找到 跟 问 问过 我是 叫"))
_POSTS = words("校长 主任 教师 同事 女儿 儿子 侄女 外甥 爱人 学生")
_CUE_MARKS = " :是为“\"'‘(\n"
_VERBS = words(
    """
    说 讲 叫 让 要求 通知 安排 催 天天 每天 去年 今年 昨天 昨晚 今天 上周 前天 上个月 也 在 被 还 都 就 从 把 给 的
    她 他 自己 两 同志 带着 带 请 因 已 一直 又 没 不 是 老 在群 打电话 发 刚 因为 明明 这 那 和 跟 与 及
    """
)
_NOT_BEHIND_TITLE = re.compile(r"们|傅|兄弟|资队伍|德|范|生|务|要务|席团|角|群(?:里|主)?的?名")
_OBJECT = re.compile(
    r"(?:要求|邀请|安排|之邀|指示|命令|请假|汇报|反映|请示|报告|提出|提|要|请|索要|收|说明|征集|了解|征求|布置|保证|检讨|解释|求助|交代|传达|公布|公开|推荐|推销|摊派|道歉)"
)
_PLACE = re.compile(r"[村镇乡县屯寨堡沟湾坪岗岭]|路(?![过上口])|街|市(?![里区])")
_LANDFORMS = frozenset("沟湾村庄屯寨堡坪岗岭桥店营坝河山洼峪")
_PREPOSITIONS = frozenset("应向和从连同由与为被经令及对让将给")
_FAMILY = ("妈妈", "爸爸", "爷爷", "奶奶", "家长", "妈", "爸", "同学", "小朋友")
_NEVER_DOUBLED = frozenset("爸妈爷奶哥姐弟妹叔公婆天常刚人家个各每谢看说问想试等听早晚多少慢好是都只单渐偏往往")
_NEVER_NICKNAME = frozenset("师板家人的公婆子实是百乡区学组时程孩伙年虎鼠鹰城街路")


@dataclass(frozen=True, slots=True)
class Arc:
    """A name at `start`..`end` of a text (`to`: with the title that belongs to the arc) and its bits."""

    start: int
    end: int
    to: int
    cost: float
    why: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands in front of and behind a run of Chinese characters."""

    before: str = ""
    after: str = ""


class NameArcs:
    """Proposes names by their parts and their surroundings."""

    def __init__(self, parts: NameParts, lexicon: Lexicon) -> None:
        self._parts = parts
        self._lexicon = lexicon

    def at(self, text: str, start: int, around: Surroundings) -> Iterator[Arc]:
        """Return the names that may begin at a place of a run of Chinese characters."""
        yield from self._nicknames(text, start)
        yield from self._minority(text, start, around)
        yield from self._given_names(text, start)
        for length in (1, 2, 4):
            surname = text[start : start + length]
            cost = self._parts.surnames.get(surname)
            if cost is not None and len(surname) == length:
                cost += self._crossing(text, start)
                doubt = self._doubt(text, start, surname, around)
                yield from self._titled(
                    text, start, length, cost + (doubt if surname in self._parts.particles else 0.0)
                )
                yield from self._full(text, start, length, cost + doubt, around)

    def _titled(self, text: str, start: int, length: int, cost: float) -> Iterator[Arc]:
        for end, title_cost in self._parts.titles_at(text, start + length):
            if _NOT_BEHIND_TITLE.match(text, end) or self._is_addressed(text, start, end):
                continue
            short = end - start - length == 1
            bits = _TITLED + cost + title_cost + (4.0 * self._word_goes_on(text, end) if short else 0.0)
            yield Arc(start, end, end, bits, "surname with title")

    def _is_addressed(self, text: str, start: int, end: int) -> bool:
        """向校长请假: to the head, not the head Xiang."""
        return (
            text[start] in _PREPOSITIONS
            and bool(_OBJECT.match(text, end))
            and text[start - 1 : start] not in ("找", "问")
        )

    def _full(self, text: str, start: int, length: int, cost: float, around: Surroundings) -> Iterator[Arc]:
        given = 0.0
        for size in (1, 2):
            end = start + length + size
            if end > len(text):
                return
            if _PLACE.match(text, end) or (text[start + 1] == "家" and text[end - 1] in _LANDFORMS):
                continue
            given += self._given(text[end - 1])
            bits = _FULL + cost + given + (_SHORT_NAME if size == 1 else 0.0) - self._bonus(text, start, end, around)
            yield Arc(start, end, end, bits, "surname and given name")

    def _given(self, character: str) -> float:
        known = self._parts.given.get(character)
        if known is not None:
            return known + (8.0 if character in NEVER_GIVEN else 0.0)
        return OTHER_GIVEN + (8.0 if character in NEVER_GIVEN else 0.0)

    def _bonus(self, text: str, start: int, end: int, around: Surroundings) -> float:
        before = around.before + text[:start] if start < 8 else text[start - 8 : start]
        after = text[end : end + 4] or around.after
        bonus = self._cue(before, text[start:end])
        wordy = text[start:end] in self._lexicon or (end - start > 2 and text[start : start + 2] in self._lexicon)
        if wordy:
            return bonus
        if self._parts.kin_at(after, 0) or (
            end == len(text) and re.match(r"\s?[(]?[,，]?\s?[(]?[男女][,)）、]", around.after)
        ):
            bonus += _BEFORE_TITLE
        elif after.startswith(_VERBS):
            bonus += _BEFORE_VERB
        if start == 0 and end == len(text):
            bonus += _ALONE
        return bonus

    def _cue(self, before: str, name: str) -> float:
        """What the words in front say; 主任马上来 shows that a title does not make a name of a common word."""
        cue = before.rstrip(_CUE_MARKS)
        if cue.endswith(_SURE_CUES):
            return _BEHIND_SURE_CUE
        if name in self._lexicon:
            return 0.0
        if len(name) > 2 and name[:2] in self._lexicon:
            return _BEHIND_OF
        return _BEHIND_CUE if cue.endswith(_CUES) else _BEHIND_OF if before.endswith("的") else 0.0

    def _nicknames(self, text: str, start: int) -> Iterator[Arc]:
        if text[start] not in "老小阿大":
            return
        surname = text[start + 1 : start + 2]
        cost = self._parts.surnames.get(surname, 99.0)
        if text[start] == "阿":
            cost = min(cost + 3.0, self._parts.given.get(surname, 99.0) + 2.0)
        if text[start] == "大":
            cost += 6.0
        if surname in self._parts.doubtful:
            cost += 6.0
        if not surname or cost > 30 or surname in _NEVER_NICKNAME:
            return
        bits = _NICKNAME + cost + self._crossing(text, start)
        yield Arc(start, start + 2, start + 2, bits, "nickname")
        for end, title_cost in self._parts.titles_at(text, start + 2):
            if end - start > 3 and not _NOT_BEHIND_TITLE.match(text, end):
                yield Arc(start, end, end, bits + title_cost, "nickname with title")

    def _minority(self, text: str, start: int, around: Surroundings) -> Iterator[Arc]:
        ends, bits = {start}, _MINORITY + self._crossing(text, start)
        for _ in range(3):
            bits += _UNIT
            ends = {end for known in ends for end in self._parts.units_at(text, known)}
            for end in ends:
                yield Arc(start, end, end, bits - self._bonus(text, start, end, around), "minority name")

    def _given_names(self, text: str, start: int) -> Iterator[Arc]:
        """诗涵妈妈: only in front of a title that stays."""
        kin = self._parts.kin_at(text, start + 2)
        if not kin or _NOT_BEHIND_TITLE.match(text, start + 2 + len(kin)):
            return
        if text[start] == text[start + 1] and text[start] not in _NEVER_DOUBLED and kin in _FAMILY:
            yield Arc(start, start + 2, start + 2, _GIVEN_ONLY, "pet name in front of a title")
            return
        costs = [self._parts.given.get(character, 99.0) for character in text[start : start + 2]]
        staff = kin in ("老师", "校长", "主任", "书记", "同志", "园长")
        if max(costs) <= (6.0 if staff else 8.0) and not any(
            character in NEVER_GIVEN for character in text[start : start + 2]
        ):
            bits = (
                _GIVEN_ONLY
                + sum(costs)
                - _BEFORE_TITLE
                + self._crossing(text, start)
                + (3.0 if staff and start else 0.0)
            )
            yield Arc(start, start + 2, start + 2, bits, "given name in front of a title")

    def _doubt(self, text: str, start: int, surname: str, around: Surroundings) -> float:
        before = around.before + text[:start] if start < 8 else text[start - 8 : start]
        cue = before.rstrip(_CUE_MARKS)
        if surname not in self._parts.doubtful or cue.endswith(_OPENING_CUES):
            return 0.0
        if surname in self._parts.particles:
            return _PARTICLE
        return 0.0 if cue.endswith(_POSTS) else _DOUBTFUL if start else _DOUBTFUL / 2

    def _crossing(self, text: str, start: int) -> float:
        """What it costs to cut the word that ends with the first character of the name."""
        crossed = any(start >= size and text[start - size : start + 1] in self._lexicon for size in (1, 2))
        return _CROSSES_WORD if crossed else 0.0

    def _word_goes_on(self, text: str, end: int) -> bool:
        return text[end - 1 : end + 1] in self._lexicon
