"""What names are made of: surnames, given names, titles, names of minorities."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

_STEPS = {"most": 5.0, "common": 8.0, "rare": 12.0}
_COMPOUND = 9.0
_GIVEN = {"most": 6.0, "some": 8.0}
OTHER_GIVEN = 16.0
_LONG_TITLE, _SHORT_TITLE = 3.0, 7.0
# No given name has them.
NEVER_GIVEN = frozenset(
    "唔喺啲嘞咗冇嘅哋俾畀係哒咯噻嘛撳卖泡末歪商的了是在不有我你他她它们这那就也都没要会说到去和跟被把让给吗呢吧啊呀嘛么着过地得很太再又还才只从为与及或但而因所以如果每各某此该本其之个位名次份张件条天年月日号点分秒"
    "做写填交查催问打发看听叫喊找请来拿用能可想愿做校班级课表群里外上下前后左右多少几两三四五六七八九十百千万零第请假老师主任领导局科处工作教室办公签到照片材料什怎哪谁您咱俺她"
    "讲读教带管派调借抽检评报送接收转传拍扫码注册投票开关进出回走跑坐站等当比向对于由应将已曾刚最更挺坏难易快慢旧低大小早晚今昨去总说话事情问题时候"
)


@dataclass(frozen=True, slots=True)
class NameParts:
    """Parts of names with the bits they cost."""

    surnames: Mapping[str, float]
    doubtful: frozenset[str]
    particles: frozenset[str]
    given: Mapping[str, float]
    titles: Mapping[str, tuple[tuple[str, float], ...]]
    kin: tuple[str, ...]
    units: Mapping[str, tuple[str, ...]]
    sounds: frozenset[str]
    english: frozenset[str]
    latin_surnames: frozenset[str]

    def titles_at(self, text: str, position: int) -> list[tuple[int, float]]:
        """Return the end and cost of every title that stands at a position."""
        choices = self.titles.get(text[position : position + 1], ())
        return [(position + len(title), cost) for title, cost in choices if text.startswith(title, position)]

    def units_at(self, text: str, position: int) -> list[int]:
        """Return where the units of a minority name that stand at a position end."""
        choices = self.units.get(text[position : position + 1], ())
        return [position + len(unit) for unit in choices if text.startswith(unit, position)]

    def kin_at(self, text: str, position: int) -> str:
        """Return the longest title at a position that stays behind a name."""
        return max((kin for kin in self.kin if text.startswith(kin, position)), key=len, default="")


def load_name_parts() -> NameParts:
    """Read the names that ship beside this module."""
    parts = tomllib.loads(files("classifiers.maskers").joinpath("names.toml").read_text(encoding="utf-8"))
    surnames = {surname: _STEPS[step] for step in ("rare", "common", "most") for surname in parts["surnames"][step]}
    surnames.update(dict.fromkeys(parts["surnames"]["compound"], _COMPOUND))
    given = {character: _GIVEN[step] for step in ("some", "most") for character in parts["given"][step]}
    titles: dict[str, list[tuple[str, float]]] = {}
    for length, cost in (("long", _LONG_TITLE), ("short", _SHORT_TITLE)):
        for title in parts["titles"][length]:
            titles.setdefault(title[0], []).append((title, cost))
    units: dict[str, list[str]] = {}
    for unit in parts["minority"]["units"]:
        units.setdefault(unit[0], []).append(unit)
    return NameParts(
        surnames=surnames,
        doubtful=frozenset(parts["surnames"]["doubtful"]),
        particles=frozenset(parts["surnames"]["particles"]),
        given=given,
        titles={first: tuple(choices) for first, choices in titles.items()},
        kin=tuple(parts["titles"]["kin"]),
        units={first: tuple(choices) for first, choices in units.items()},
        sounds=frozenset(parts["minority"]["sounds"]),
        english=frozenset(parts["english"]["names"]),
        latin_surnames=frozenset(parts["english"]["surnames"].split("|")),
    )
