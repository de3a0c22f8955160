"""Digits in every disguise: written out, spaced out, with words or letters between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SURE = {
    **{str(digit): digit for digit in range(10)},
    **{character: digit for digit, character in enumerate("零一二三四五六七八九")},
    **{character: digit for digit, character in enumerate("壹贰叁肆伍陆柒捌玖", start=1)},
    **{character: digit for digit, character in enumerate("①②③④⑤⑥⑦⑧⑨", start=1)},
    "〇": 0,
    "○": 0,
    "幺": 1,
}
# Sound-alikes and look-alikes: they count only between digits that are sure.
_UNSURE = {
    **dict.fromkeys("Oo洞灵铃另", 0),
    **dict.fromkeys("lI|妖夭要", 1),
    **dict.fromkeys("两俩儿尔耳", 2),
    **dict.fromkeys("伞散仨", 3),
    **dict.fromkeys("思", 4),
    **dict.fromkeys("舞午吾", 5),
    **dict.fromkeys("溜遛", 6),
    **dict.fromkeys("拐漆妻", 7),
    **dict.fromkeys("扒吧巴爸", 8),
    **dict.fromkeys("勾酒久", 9),
}
_SPOKEN = {
    **dict(zip(("ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu"), range(10), strict=True)),
    **dict(
        zip(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), range(10), strict=True)
    ),
    "yao": 1,
    "dong": 0,
}
_SPOKEN_DIGIT = "|".join(sorted(_SPOKEN, key=len, reverse=True))
_TOKEN = re.compile(
    rf"(?<![a-z])(?:{_SPOKEN_DIGIT})+(?![a-z])|(?!一[下格横杠段空])[{re.escape(''.join((*_SURE, *_UNSURE)))}]",
    re.IGNORECASE,
)
_ONE_SPOKEN = re.compile(_SPOKEN_DIGIT)
_LIGHT = re.compile(r"""[\s\-_.·,、/\\*~+|:;'"“”‘’()\[\]{}<>…。—=#&^%$!?]{1,4}""")
_WORDS = (
    "空一下|空一格|空格|再空|空|中间是|中间|然后是|然后|接着是|接着|后面是|后面|最后是|最后|再|后四位是|后四位|尾号是|尾号|"
    "横杠|横线|横|杠|点|加|转|逗号|不要空格|停顿|下一段|第二段|第三段|连着|打头|开头"
)
_WORDED = re.compile(
    rf"[\s\-_.·,、/*~+|:;()…。—]{{0,3}}(?:(?:{_WORDS}){{1,3}}|(?!(?i:qq|vx|wx|id|tel))[A-Za-z]{{1,3}}|"
    rf"[\u2600-\u27bf\U0001f000-\U0001faff]{{1,3}})[\s\-_.·,、/*~+|:;()…。—]{{0,3}}"
)
_LONGEST_GAP = 12
_LIGHT_GAP, _WORDED_GAP = 0, 1


@dataclass(frozen=True, slots=True)
class Segment:
    """Digits that stand directly behind one another, and the gap in front of them."""

    start: int
    end: int
    digits: str
    sure: int
    ends: tuple[int, ...]
    gap: str = ""
    gap_kind: int = _LIGHT_GAP

    def head(self, count: int) -> Segment:
        """Return the first `count` digits."""
        return Segment(self.start, self.ends[count - 1], self.digits[:count], min(self.sure, count), self.ends[:count])

    def tail(self, count: int) -> Segment:
        """Return the last `count` digits."""
        start = self.ends[-count - 1]
        return Segment(start, self.end, self.digits[-count:], min(self.sure, count), self.ends[-count:])


@dataclass(frozen=True, slots=True)
class Run:
    """Segments read as one number."""

    segments: tuple[Segment, ...]

    @property
    def start(self) -> int:
        """Where the first digit stands."""
        return self.segments[0].start

    @property
    def end(self) -> int:
        """Where the last digit ends."""
        return self.segments[-1].end

    @property
    def digits(self) -> str:
        """All digits as 0-9."""
        return "".join(segment.digits for segment in self.segments)

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many digits each segment has."""
        return tuple(len(segment.digits) for segment in self.segments)

    @property
    def gaps(self) -> tuple[str, ...]:
        """What stands between the segments."""
        return tuple(segment.gap for segment in self.segments[1:])

    @property
    def sure(self) -> int:
        """How many digits are written as digits, not as sound-alikes."""
        return sum(segment.sure for segment in self.segments)

    @property
    def worded(self) -> bool:
        """Whether words or letters stand between the segments."""
        return any(segment.gap_kind == _WORDED_GAP for segment in self.segments[1:])


def digits_view(text: str) -> str:
    """Return a text as long as this one, with digits of any sure writing as 0-9."""
    return "".join(str(_SURE[character]) if character in _SURE else character for character in text)


def groups(text: str) -> Iterator[tuple[Segment, ...]]:
    """Return the segments of a text, those with only a light or worded gap between them together."""
    group: list[Segment] = []
    for segment in _segments(text):
        if group:
            gap = text[group[-1].end : segment.start]
            kind = _gap_kind(gap, group[-1].gap)
            if kind is None:
                yield tuple(group)
                group = []
            else:
                segment = Segment(  # noqa: PLW2901 - the same segment, now with its gap
                    segment.start, segment.end, segment.digits, segment.sure, segment.ends, gap, kind
                )
        group.append(segment)
    if group:
        yield tuple(group)


def runs(
    group: tuple[Segment, ...], shape: re.Pattern[str], *, longest: int, starts: int | None = None
) -> Iterator[Run]:
    """Return whole-segment runs of a group whose digits fit `shape`; at most `longest` tries a start.

    `starts` is how many segments from the front a run may begin at; all by default.
    """
    digits = "".join(segment.digits for segment in group)
    place = 0
    for first in range(len(group) if starts is None else min(starts, len(group))):
        end = place
        for last in range(first, min(len(group), first + longest)):
            end += len(group[last].digits)
            if end - place > longest:
                break
            if shape.fullmatch(digits, place, end):
                yield Run(group[first : last + 1])
        place += len(group[first].digits)


def _segments(text: str) -> Iterator[Segment]:
    tokens: list[tuple[int, int, str, bool]] = []
    for match in _TOKEN.finditer(text):
        tokens.extend(_digits_of(match))
    segment: list[tuple[int, int, str, bool]] = []
    for token in tokens:
        if segment and segment[-1][1] != token[0]:
            yield from _segment(segment)
            segment = []
        segment.append(token)
    yield from _segment(segment)


def _digits_of(match: re.Match[str]) -> Iterator[tuple[int, int, str, bool]]:
    word = match[0]
    if word in _SURE:
        yield match.start(), match.end(), str(_SURE[word]), True
    elif word in _UNSURE:
        yield match.start(), match.end(), str(_UNSURE[word]), False
    else:
        for spoken in _ONE_SPOKEN.finditer(word.lower()):
            start = match.start() + spoken.start()
            yield start, start + len(spoken[0]), str(_SPOKEN[spoken[0]]), True


def _segment(tokens: list[tuple[int, int, str, bool]]) -> Iterator[Segment]:
    """Trim sound-alikes from both ends: 13800138000要 ends before 要."""
    first, last = 0, len(tokens)
    while first < last and not tokens[first][3] and not (first + 10 < last and tokens[first][2] == "1"):
        first += 1
    while last > first and not tokens[last - 1][3] and last - first > 11:
        last -= 1
    while last > first and not tokens[last - 1][3] and last - first < 11:
        last -= 1
    kept = tokens[first:last]
    if kept:
        digits = "".join(token[2] for token in kept)
        sure = sum(token[3] for token in kept)
        yield Segment(kept[0][0], kept[-1][1], digits, sure, tuple(token[1] for token in kept))


def _gap_kind(gap: str, gap_before: str) -> int | None:
    if len(gap) > _LONGEST_GAP:
        return None
    if _LIGHT.fullmatch(gap):
        return _LIGHT_GAP
    if _WORDED.fullmatch(gap) or (len(gap) <= 2 and gap == gap_before):
        return _WORDED_GAP
    return _gap_of_noise(gap)


def _gap_of_noise(gap: str) -> int | None:
    """One Chinese character that is no measure word may be noise between digits; the shape decides later."""
    return (
        _WORDED_GAP
        if len(gap) == 1 and gap not in "年月日号点分秒时元个人次份页周节班级第到至和与跟岁楼栋层室后前条套届期"
        else None
    )
