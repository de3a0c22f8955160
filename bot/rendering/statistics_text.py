"""The answer to a statistics question as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.rendering.names import Names
from bot.wording import Wording
from domain.question import Meaning, Subject
from domain.report import Source
from domain.statistics import Answer, Part, Sum


def statistics_text(period: str, answers: Sequence[Answer], names: Names, wording: Wording) -> str:
    """Return the answers for one period, one block each, and what the numbers mean."""
    blocks = [_block(period, answer, names, wording) for answer in answers]
    return "\n\n".join([*blocks, wording.say("stats-note")])


def _block(period: str, answer: Answer, names: Names, wording: Wording) -> str:
    what = _what(answer.subject, names, wording)
    head = {"period": period, "region": names.region(answer.region), "what": what}
    lines = [wording.say("stats-head", head)]
    for part in answer.parts:
        if len(answer.parts) > 1 or part.source is Source.IMPORT:
            lines.append(wording.say(f"stats-source-{part.source.value}"))
        lines += _part(part, answer, what, names, wording)
    return "\n".join(lines)


def _what(subject: Meaning, names: Names, wording: Wording) -> str:
    match subject.subject:
        case Subject.CATEGORY:
            return names.short(subject.id)
        case Subject.GROUP:
            return names.group(subject.id)
        case Subject.BODY:
            return names.body(subject.id)
        case _:
            return wording.say("stats-all")


def _part(part: Part, answer: Answer, what: str, names: Names, wording: Wording) -> list[str]:
    if part.main is None:
        lines = [wording.say("stats-hidden", {"k": answer.k})]
    else:
        lines = [_row(part.main, what, answer.weeks, wording)]
    lists: tuple[tuple[str, Sequence[Sum], Callable[[str], str]], ...] = (
        ("stats-more-groups", part.groups, names.group),
        ("stats-more-categories", part.categories, names.short),
        ("stats-more-regions", part.regions, names.region),
    )
    for key, sums, name in lists:
        if sums:
            lines.append(wording.say(key))
            lines += [f"· {_row(one, name(one.id), answer.weeks, wording)}" for one in sums]
    return lines


def _row(one: Sum, name: str, weeks: int, wording: Wording) -> str:
    arguments: dict[str, str | int] = {"name": name, "low": one.low, "high": one.high}
    if weeks == 1:
        return wording.say("stats-row", arguments)
    return wording.say("stats-row-weeks", {**arguments, "shown": one.shown, "weeks": weeks})
