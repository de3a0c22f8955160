"""Names of regions, categories, groups and bodies, as people read them."""

from __future__ import annotations

from collections.abc import Iterable

from domain.digest import Digest
from domain.policy_pack import Clause, PolicyPack
from domain.region import RegionTree


class Names:
    """Turns ids into names; an id that neither the pack nor a tree knows any more is shown as it is."""

    def __init__(self, pack: PolicyPack, trees: Iterable[RegionTree]) -> None:
        self._pack = pack
        self._regions: dict[str, str] = {}
        for tree in trees:
            for region in tree.regions:
                self._regions.setdefault(region.id, region.name)

    def region(self, id_: str) -> str:
        """Return the name of a region; the first tree that knows it decides."""
        return self._regions.get(id_, id_)

    def category(self, id_: str) -> str:
        """Return the full name of a category."""
        known = self._pack.category_by_id.get(id_)
        return known.name if known else id_

    def short(self, id_: str) -> str:
        """Return the short name of a category."""
        known = self._pack.category_by_id.get(id_)
        return known.short if known else id_

    def group(self, id_: str) -> str:
        """Return the name of a group."""
        known = self._pack.group_by_id.get(id_)
        return known.name if known else id_

    def body(self, id_: str) -> str:
        """Return the name of a body."""
        return self._pack.body_names.get(id_, id_)

    def clauses(self, category: str) -> tuple[Clause, ...]:
        """Return the clauses of a category, the most telling first."""
        known = self._pack.category_by_id.get(category)
        return tuple(self._pack.clause_by_id[clause] for clause in known.clauses) if known else ()

    def clauses_of(self, digest: Digest, *, most: int) -> tuple[Clause, ...]:
        """Return the most telling clause of each of the first `most` categories a digest shows, each clause once."""
        categories = dict.fromkeys(line.id for section in digest.sections for line in section.categories)
        found = [clauses[0] for category in list(categories)[:most] if (clauses := self.clauses(category))]
        return tuple(dict.fromkeys(found))
