"""A digest as text for a phone: short lines, the largest numbers first, the same order also when empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.rendering.names import Names
from bot.wording import Wording
from domain.digest import Digest, Line, Section

_MOST_CLAUSES = 5


def digest_text(digest: Digest, names: Names, wording: Wording) -> str:
    """Return the digest as a supervisor reads it."""
    say = wording.say
    week = digest.week
    title = {"region": names.region(digest.region), "week": str(week), "from": f"{week.monday}", "to": f"{week.sunday}"}
    blocks = [[say("digest-title", title), *_ungated(digest, wording)]]
    blocks.append([_headline(digest.own, names, wording), *_body_of(digest.own, names, wording)])
    if digest.city is not None:
        head = say("digest-city", {"region": names.region(digest.city.region)})
        blocks.append([head, _headline(digest.city, names, wording), *_body_of(digest.city, names, wording)])
    blocks.append(_imported(digest, names, wording))
    blocks.append(_clauses(digest, names, wording))
    notes = [say("digest-trend-note")] if _has_trend(digest) else []
    blocks.append([*notes, say("digest-hidden", {"k": digest.k}), say("digest-accounts", {"cap": digest.cap})])
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _has_trend(digest: Digest) -> bool:
    return any(line.trend for section in digest.sections for line in section.lines)


def _ungated(digest: Digest, wording: Wording) -> list[str]:
    return [] if digest.gated else [wording.say("digest-ungated")]


def _headline(section: Section, names: Names, wording: Wording) -> str:
    if section.empty:
        return wording.say("digest-headline-none")
    if section.total is None:
        return wording.say("digest-headline-hidden")
    first = wording.say("digest-headline", {"low": section.total.low, "high": section.total.high})
    top = [line for line in section.categories if line.low == section.categories[0].low]
    if len(top) != 1:  # of equal bands none is the largest
        return first
    space = "" if wording.language.startswith("zh") else " "
    return first + space + wording.say("digest-headline-top", {"name": names.short(top[0].id)})


def _body_of(section: Section, names: Names, wording: Wording) -> list[str]:
    lines = [wording.say("digest-categories"), *_rows(section.categories, names.short, wording)]
    for key, shown, name in (
        ("digest-groups", section.groups, names.group),
        ("digest-districts", section.districts, names.region),
        ("digest-bodies", section.bodies, names.body),
    ):
        if shown:
            lines += [wording.say(key), *_rows(shown, name, wording)]
    return lines


def _rows(lines: Sequence[Line], name: Callable[[str], str], wording: Wording) -> list[str]:
    if not lines:
        return [wording.say("digest-nothing")]
    return [
        wording.say(
            "digest-row", {"name": name(line.id), "low": line.low, "high": line.high, "trend": _trend(line, wording)}
        )
        for line in lines
    ]


def _trend(line: Line, wording: Wording) -> str:
    return f" {wording.say(f'digest-trend-{line.trend.value}')}" if line.trend else ""


def _imported(digest: Digest, names: Names, wording: Wording) -> list[str]:
    lines = [wording.say("digest-import-head")]
    for section in digest.imported:
        if section.region != digest.region:
            lines.append(wording.say("digest-city", {"region": names.region(section.region)}))
        if section.empty:
            lines.append(wording.say("digest-nothing"))
            continue
        lines += [_headline(section, names, wording), *_body_of(section, names, wording)]
    return lines


def _clauses(digest: Digest, names: Names, wording: Wording) -> list[str]:
    found = names.clauses_of(digest, most=_MOST_CLAUSES)
    if not found:
        return []
    lines = (wording.say("digest-clause", {"place": clause.place, "text": clause.text}) for clause in found)
    return [wording.say("digest-clauses"), *lines]
