"""A tally becomes a release: what is shown, as bands, and what is simply absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.lattice import Lattice, Node
from domain.report import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedRow:
    """One published number: `low`..`high` different accounts; carries the parameters it was released with."""

    period: str
    region: str
    category: str | None
    body: str | None
    low: int
    high: int
    k: int
    band: int
    cap: int
    source: Source

    def __post_init__(self) -> None:
        """Refuse a row that would say more than the rule allows."""
        if (self.category is None) == (self.body is None):
            raise ValueError("a released row has a category or a body")
        if self.low < self.k or self.high - self.low != self.band - 1:
            raise ValueError("a released row is a whole band at or above k")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """All that is ever published of one period and source; never changed.

    `lattice` is the canonical text of what was fixed; `gated` says that the closed gate tested it.
    """

    period: str
    source: Source
    k: int
    band: int
    cap: int
    gated: bool
    lattice: str
    rows: tuple[ReleasedRow, ...]


def band_of(accounts: int, lattice: Lattice) -> tuple[int, int] | None:
    """Return the band that holds this many accounts; None below k, for zero and small alike.

    Bands start at k, so that a band wider than k never says 0.
    """
    if accounts < lattice.k:
        return None
    low = lattice.k + (accounts - lattice.k) // lattice.band * lattice.band
    return low, low + lattice.band - 1


def make_release(counts: Mapping[Node, int], lattice: Lattice, *, period: str, source: Source) -> Release:
    """Return the release of these counts: nodes with k accounts or more, as bands, in a fixed order."""
    rows = []
    for node in sorted(counts):
        band = band_of(counts[node], lattice)
        if band is None:
            continue
        rows.append(
            ReleasedRow(
                period=period,
                region=node.region,
                category=node.category or None,
                body=node.body or None,
                low=band[0],
                high=band[1],
                k=lattice.k,
                band=lattice.band,
                cap=lattice.cap,
                source=source,
            )
        )
    return Release(
        period=period,
        source=source,
        k=lattice.k,
        band=lattice.band,
        cap=lattice.cap,
        gated=False,
        lattice=lattice.to_json(),
        rows=tuple(rows),
    )
