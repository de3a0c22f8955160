"""Distinct accounts per node of a period, counted from opened slips (disclosure-control.md 4.1 and 4.8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from domain.classification import Body
from domain.lattice import Lattice, Node
from domain.report import Slip

# The body `market` stands for every office without a name of its own, and "other" is never published (4.8).
_UNNAMED = Body.MARKET.value

Chance: TypeAlias = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class CountedLeaf:
    """One leaf in which one account counts in one week, and the bodies its reports there named."""

    week: str
    person: bytes
    region: str
    category: str
    bodies: frozenset[str]


def counted_leaves(slips: Iterable[Slip], lattice: Lattice, chance: Chance) -> tuple[CountedLeaf, ...]:
    """Return the leaves that count, of all slips of one source and block up to the week being released.

    An account counts in one district a block: of those it named in its first week, the one `chance` (a keyed hash)
    puts first. A later week cannot change that choice, since the slips of a released week are frozen. There it counts
    in at most `cap` categories a week, again chosen by `chance`, never by order of arrival.
    """
    by_person: dict[bytes, list[Slip]] = defaultdict(list)
    for slip in slips:
        by_person[slip.person].append(slip)
    leaves: list[CountedLeaf] = []
    for person, own in by_person.items():
        district = _district(person, own, lattice, chance)
        for week in sorted({slip.week for slip in own}):
            here = [slip for slip in own if slip.week == week and lattice.counting(slip.region) == district]
            leaves.extend(_capped(person, here, lattice, chance))
    return tuple(sorted(leaves, key=lambda leaf: (leaf.week, leaf.person, leaf.category)))


def _district(person: bytes, own: Sequence[Slip], lattice: Lattice, chance: Chance) -> str:
    first = min(slip.week for slip in own)
    named = {lattice.counting(slip.region) for slip in own if slip.week == first}
    return min(named, key=lambda region: chance(f"district|{person.hex()}|{region}"))


def _capped(person: bytes, slips: Sequence[Slip], lattice: Lattice, chance: Chance) -> list[CountedLeaf]:
    bodies: dict[str, set[str]] = defaultdict(set)
    for slip in slips:
        for category in slip.categories:
            bodies[category].update([slip.body.value] if slip.body is not None else [])
    order = sorted(bodies, key=lambda category: chance(f"leaf|{person.hex()}|{slips[0].week}|{category}"))
    return [
        CountedLeaf(slips[0].week, person, lattice.counting(slips[0].region), category, frozenset(bodies[category]))
        for category in order[: lattice.cap]
    ]


def tally(leaves: Iterable[CountedLeaf], lattice: Lattice, weeks: Sequence[str]) -> dict[Node, int]:
    """Return how many different accounts each node of the period holds; nodes without any are absent."""
    accounts: dict[Node, set[bytes]] = defaultdict(set)
    for leaf in leaves:
        if leaf.week not in weeks:
            continue
        for node in lattice.nodes_above(leaf.region, leaf.category):
            accounts[node].add(leaf.person)
        for body in leaf.bodies - {_UNNAMED}:
            accounts[Node(lattice.tree.root.id, body=body)].add(leaf.person)
    return {node: len(people) for node, people in accounts.items()}
