"""The fixed lattice of nodes in which released numbers are shown (disclosure-control.md 4.3 and 4.8)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from domain.region import Region, RegionTree

ALL = "all"
SMALLEST_GROUP = 4  # a group with fewer categories has no row of its own (4.8)
FEWEST_CHILDREN = 6  # a region with fewer children publishes its own rows and nothing below it (4.8)


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A place in the lattice: a region with a category, a group or `all`, or with a body instead."""

    region: str
    category: str = ""
    body: str = ""

    def __post_init__(self) -> None:
        """Refuse a node that is both or neither."""
        if bool(self.category) == bool(self.body):
            raise ValueError("a node has a category or a body")


@dataclass(frozen=True)
class Lattice:
    """What is fixed for a block: regions after folding, groups, and the parameters of the release rule.

    `groups` maps each category to its group. `k` is the fewest different accounts a shown node needs, `band` the width
    of the intervals, `cap` the most leaves one account counts in a week.
    """

    tree: RegionTree
    groups: dict[str, str]
    k: int
    band: int
    cap: int

    def __post_init__(self) -> None:
        """Refuse parameters outside the bounds of disclosure-control.md 4.7."""
        if self.k < 5 or self.band < self.k or not 1 <= self.cap <= 5:
            raise ValueError("the release rule needs k >= 5, band >= k and cap from 1 to 5")

    @cached_property
    def shown_regions(self) -> frozenset[str]:
        """Regions that publish rows: from the root down, as long as each publishes enough children."""
        shown = {self.tree.root.id}
        waiting = [self.tree.root.id]
        while waiting:
            children = [child for child in self.tree.children(waiting.pop()) if child.fold_into is None]
            if len(children) >= FEWEST_CHILDREN:
                shown.update(child.id for child in children)
                waiting.extend(child.id for child in children)
        return frozenset(shown)

    @cached_property
    def shown_groups(self) -> frozenset[str]:
        """Groups that have a row of their own."""
        members = list(self.groups.values())
        return frozenset(group for group in members if members.count(group) >= SMALLEST_GROUP)

    def counting(self, region: str) -> str:
        """Return the region that counts a report about this one; the root for a region added after the block began."""
        return self.tree.counting(region) if region in self.tree.by_id else self.tree.root.id

    def nodes_above(self, region: str, category: str) -> tuple[Node, ...]:
        """Return every shown node in which a person with this leaf counts.

        A category added after the block began counts among `all` only.
        """
        kinds = [ALL]
        if category in self.groups:
            kinds.append(category)
            if self.groups[category] in self.shown_groups:
                kinds.append(self.groups[category])
        places = [place for place in self.tree.ancestors(self.counting(region)) if place in self.shown_regions]
        return tuple(Node(place, kind) for place in places for kind in kinds)

    def to_json(self) -> str:
        """Return a canonical text from which `from_json` makes the same lattice."""
        return json.dumps(
            {
                "regions": [[r.id, r.name, r.parent, r.staff, r.fold_into] for r in self.tree.regions],
                "groups": dict(sorted(self.groups.items())),
                "k": self.k,
                "band": self.band,
                "cap": self.cap,
            },
            ensure_ascii=False,
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the lattice a release was made with."""
        fixed = json.loads(text)
        regions = (
            Region(id=id_, name=name, parent=parent, staff=staff, fold_into=fold)
            for id_, name, parent, staff, fold in fixed["regions"]
        )
        return cls(RegionTree(tuple(regions)), fixed["groups"], fixed["k"], fixed["band"], fixed["cap"])
