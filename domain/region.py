"""The tree of regions reports are about."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One node of the tree; `staff` is the number of teachers, `fold_into` the region that counts its reports."""

    id: str
    name: str
    parent: str | None = None
    staff: int | None = None
    fold_into: str | None = None


@dataclass(frozen=True)
class RegionTree:
    """Regions with exactly one root.

    Raises:
        ValueError: an id stands twice, a parent or folding target is unknown or leads back, or there is not one root.
    """

    regions: tuple[Region, ...]

    def __post_init__(self) -> None:
        """Refuse what is no tree."""
        ids = [region.id for region in self.regions]
        if len(set(ids)) != len(ids):
            raise ValueError(f"region id {next(i for i in ids if ids.count(i) > 1)!r} stands twice")
        roots = [region.id for region in self.regions if region.parent is None]
        if len(roots) != 1:
            raise ValueError(f"the regions need exactly one without a parent, found {len(roots)}")
        for region in self.regions:
            if region.parent is not None and region.parent not in ids:
                raise ValueError(f"region {region.id!r} has the unknown parent {region.parent!r}")
            if region.fold_into is not None and region.fold_into not in ids:
                raise ValueError(f"region {region.id!r} folds into the unknown region {region.fold_into!r}")
        for region in self.regions:
            self._check_ends(region)

    def _check_ends(self, region: Region) -> None:
        for step in ("parent", "fold_into"):
            seen = {region.id}
            following = getattr(region, step)
            while following is not None:
                if following in seen:
                    raise ValueError(f"region {region.id!r} leads back to itself by {step}")
                seen.add(following)
                following = getattr(self.by_id[following], step)
        if region.fold_into is not None and self.counting(region.id) not in {leaf.id for leaf in self.leaves}:
            raise ValueError(f"region {region.id!r} must fold into a region without children")

    @cached_property
    def by_id(self) -> dict[str, Region]:
        """Regions by id, in configured order."""
        return {region.id: region for region in self.regions}

    @cached_property
    def root(self) -> Region:
        """The region that holds all others."""
        return next(region for region in self.regions if region.parent is None)

    @cached_property
    def leaves(self) -> tuple[Region, ...]:
        """The regions a report may name: those without children."""
        parents = {region.parent for region in self.regions}
        return tuple(region for region in self.regions if region.id not in parents)

    def children(self, region: str) -> tuple[Region, ...]:
        """Return the regions directly below one."""
        return tuple(child for child in self.regions if child.parent == region)

    def ancestors(self, region: str) -> tuple[str, ...]:
        """Return the ids from the region itself up to the root."""
        path = [region]
        while (parent := self.by_id[path[-1]].parent) is not None:
            path.append(parent)
        return tuple(path)

    def counting(self, region: str) -> str:
        """Return the region in which reports about this one are counted, after folding."""
        while (target := self.by_id[region].fold_into) is not None:
            region = target
        return region

    def find(self, words: str) -> tuple[Region, ...]:
        """Return the leaves a person may mean by an id, a name or the beginning of a name (海淀 for 海淀区)."""
        wanted = _plain(words)
        if not wanted:
            return ()
        exact = tuple(leaf for leaf in self.leaves if wanted in (_plain(leaf.id), _plain(leaf.name)))
        return exact or tuple(leaf for leaf in self.leaves if _plain(leaf.name).startswith(wanted))


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words).strip().casefold()


def built_in_tree() -> RegionTree:
    """Return the one region of a service that has none configured."""
    return RegionTree((Region(id="local", name="本地区"),))


def region_tree(regions: Iterable[Region]) -> RegionTree:
    """Return the tree of the configured regions, or the built-in one when none is configured."""
    configured = tuple(regions)
    return RegionTree(configured) if configured else built_in_tree()
