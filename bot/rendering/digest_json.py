"""A digest as JSON for machines: ids and names, bands, trends."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from bot.rendering.names import Names
from domain.digest import Digest, Line, Section


def digest_json(digest: Digest, names: Names) -> str:
    """Return the digest as one JSON object; sections in the order of the text."""
    week = digest.week
    content = {
        "period": str(week),
        "from": f"{week.monday}",
        "to": f"{week.sunday}",
        "region": digest.region,
        "name": names.region(digest.region),
        "k": digest.k,
        "band": digest.band,
        "cap": digest.cap,
        "gated": digest.gated,
        "sections": [_section(section, names) for section in digest.sections],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _section(section: Section, names: Names) -> dict[str, Any]:
    total = section.total
    return {
        "region": section.region,
        "name": names.region(section.region),
        "source": section.source.value,
        "total": None if total is None else _line(total),
        "categories": _lines(section.categories, names.category),
        "groups": _lines(section.groups, names.group),
        "districts": _lines(section.districts, names.region),
        "bodies": _lines(section.bodies, names.body),
    }


def _lines(lines: Sequence[Line], name: Callable[[str], str]) -> list[dict[str, Any]]:
    return [{"id": line.id, "name": name(line.id), **_line(line)} for line in lines]


def _line(line: Line) -> dict[str, Any]:
    return {"low": line.low, "high": line.high, "trend": line.trend.value if line.trend else None}
