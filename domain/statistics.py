"""The answer to a statistics question: a view on released rows, over one or more weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from domain.lattice import ALL, Lattice
from domain.question import Meaning, Subject
from domain.release import Release, ReleasedRow
from domain.report import Source

Key = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Sum:
    """The bands of one node over the weeks that show it: sum of lows, sum of highs, and how many weeks these are.

    Over more than one week these are account-weeks, never accounts.
    """

    id: str
    low: int
    high: int
    shown: int


@dataclass(frozen=True, slots=True)
class Part:
    """What one source says: the number asked for (None when hidden), groups and categories in it, regions below."""

    source: Source
    main: Sum | None
    groups: tuple[Sum, ...]
    categories: tuple[Sum, ...]
    regions: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The numbers of one region and subject over `weeks` released weeks; sources stand apart and are never added."""

    region: str
    subject: Meaning
    weeks: int
    k: int
    parts: tuple[Part, ...]


def answer(region: str, subject: Meaning, released: Sequence[Release], sources: Iterable[Source]) -> Answer:
    """Return the answer from the releases of the weeks asked for.

    Raises:
        ValueError: no release was given.
    """
    if not released:
        raise ValueError("a statistics answer needs a released week")
    lattices = [Lattice.from_json(text) for text in dict.fromkeys(release.lattice for release in released)]
    parts = []
    for source in sources:
        sums = _sums(row for release in released if release.source is source for row in release.rows)
        parts.append(_part(source, region, subject, sums, lattices))
    return Answer(
        region=region,
        subject=subject,
        weeks=len({release.period for release in released}),
        k=max(release.k for release in released),
        parts=tuple(parts),
    )


def _sums(rows: Iterable[ReleasedRow]) -> dict[Key, tuple[int, int, int]]:
    sums: dict[Key, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for row in rows:
        key = (row.region, row.category, row.body)
        low, high, shown = sums[key]
        sums[key] = low + row.low, high + row.high, shown + 1
    return dict(sums)


def _part(
    source: Source,
    region: str,
    subject: Meaning,
    sums: dict[Key, tuple[int, int, int]],
    lattices: Sequence[Lattice],
) -> Part:
    category = None if subject.subject is Subject.BODY else subject.id if subject.subject is not Subject.ALL else ALL
    body = subject.id if subject.subject is Subject.BODY else None

    def listed(ids: Iterable[str], key: Callable[[str], Key]) -> tuple[Sum, ...]:
        found = (Sum(id_, *sums[key(id_)]) for id_ in ids if key(id_) in sums)
        return tuple(sorted(found, key=lambda one: (-one.low, one.id)))

    everything = subject.subject is Subject.ALL
    main = listed([subject.id], lambda _: (region, category, body))
    below = {child.id for lattice in lattices for child in lattice.tree.regions if child.parent == region}
    inside = {
        name
        for lattice in lattices
        for name, group in lattice.groups.items()
        if everything or (subject.subject is Subject.GROUP and group == subject.id)
    }
    groups = {group for lattice in lattices for group in lattice.shown_groups if everything}
    return Part(
        source=source,
        main=main[0] if main else None,
        groups=listed(groups, lambda id_: (region, id_, None)),
        categories=listed(inside, lambda id_: (region, id_, None)),
        regions=listed(below, lambda id_: (id_, category, body)),
    )
