"""What a supervisor is sent about a released week: a view on released rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.lattice import ALL, Lattice
from domain.release import Release, ReleasedRow
from domain.report import Source
from domain.week import Week


class Trend(StrEnum):
    """How a band lies to the band of the week before; known only where both were shown."""

    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One shown number: the id of what was counted, its band, and the trend where there is one."""

    id: str
    low: int
    high: int
    trend: Trend | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What is shown of one region and source, the largest numbers first; `total` is None when it is not shown.

    `districts` are totals of the regions directly below, in the section of the digest's own region; `bodies` exist for
    the root only.
    """

    region: str
    source: Source
    total: Line | None
    groups: tuple[Line, ...]
    categories: tuple[Line, ...]
    districts: tuple[Line, ...]
    bodies: tuple[Line, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Everything that is shown."""
        total = () if self.total is None else (self.total,)
        return (*total, *self.groups, *self.categories, *self.districts, *self.bodies)

    @property
    def empty(self) -> bool:
        """Whether nothing is shown."""
        return not self.lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The digest of one region and week; `city` is None when the region is the root itself.

    `imported` holds the same sections of letters and calls, which are counted apart. `gated` is false when one of the
    releases did not pass the gate.
    """

    week: Week
    region: str
    k: int
    band: int
    cap: int
    gated: bool
    own: Section
    city: Section | None
    imported: tuple[Section, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """All sections in the order they are shown."""
        return (self.own, *([self.city] if self.city is not None else []), *self.imported)


class _Rows:
    """The rows of one release by node, beside the bands of the week before."""

    def __init__(self, release: Release | None, before: Release | None, source: Source) -> None:
        self._rows = release.rows if release else ()
        self._before = {_key(row): row for row in before.rows} if before else {}
        self.source = source
        self.bodies = {row.body for row in self._rows if row.body is not None}

    def lines(self, wanted: Iterable[tuple[str, str | None, str | None]], *, by_region: bool = False) -> list[Line]:
        keys = set(wanted)
        lines = [self._line(row, by_region=by_region) for row in self._rows if _key(row) in keys]
        return sorted(lines, key=lambda line: (-line.low, line.id))

    def _line(self, row: ReleasedRow, *, by_region: bool) -> Line:
        id_ = row.region if by_region else row.category or row.body or ""
        return Line(id=id_, low=row.low, high=row.high, trend=_trend(self._before.get(_key(row)), row))


def _key(row: ReleasedRow) -> tuple[str, str | None, str | None]:
    return row.region, row.category, row.body


def _trend(before: ReleasedRow | None, now: ReleasedRow) -> Trend | None:
    if before is None or (before.k, before.band, before.cap) != (now.k, now.band, now.cap):
        return None
    if before.low == now.low:
        return Trend.SAME
    return Trend.UP if now.low > before.low else Trend.DOWN


def _section(rows: _Rows, region: str, lattice: Lattice, *, own: bool) -> Section:
    children = lattice.tree.children(region) if own else ()
    total = rows.lines([(region, ALL, None)])
    return Section(
        region=region,
        source=rows.source,
        total=total[0] if total else None,
        groups=tuple(rows.lines((region, group, None) for group in lattice.shown_groups)),
        categories=tuple(rows.lines((region, category, None) for category in lattice.groups)),
        districts=tuple(rows.lines(((child.id, ALL, None) for child in children), by_region=True)),
        bodies=tuple(rows.lines((region, None, body) for body in rows.bodies)),
    )


def make_digest(week: Week, region: str, released: Sequence[Release], before: Sequence[Release] = ()) -> Digest:
    """Return the digest of a released week, given its releases and those of the week before.

    A region that is counted within another gets that one's digest.

    Raises:
        ValueError: nothing of this week was released.
    """
    if not released:
        raise ValueError("a digest needs a released week")
    lattice = Lattice.from_json(released[0].lattice)
    counting = lattice.counting(region)
    root = lattice.tree.root.id
    places = [counting] if counting == root else [counting, root]
    chat, imported = (
        [_section(_rows_of(source, released, before), place, lattice, own=place == counting) for place in places]
        for source in (Source.CHAT, Source.IMPORT)
    )
    return Digest(
        week=week,
        region=counting,
        k=lattice.k,
        band=lattice.band,
        cap=lattice.cap,
        gated=all(release.gated for release in released),
        own=chat[0],
        city=chat[1] if len(chat) > 1 else None,
        imported=tuple(imported),
    )


def _rows_of(source: Source, released: Sequence[Release], before: Sequence[Release]) -> _Rows:
    now = next((release for release in released if release.source is source), None)
    past = next((release for release in before if release.source is source), None)
    return _Rows(now, past, source)
