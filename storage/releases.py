"""Published releases, never changed, and what was fixed for them."""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import func, select, update

from domain.errors import DuplicateError
from domain.release import Release, ReleasedRow
from domain.report import Source
from domain.week import Block, Week
from storage.database import AnyRow, Transaction
from storage.tables import facts, lattices, releases

_BEGAN: Final = "began"
_ANNOUNCED: Final = "announced "
_WEEK_LENGTH: Final = len("2026-W40")


class Releases:
    """What anyone may see; rows are added and never changed, so nothing here updates or deletes."""

    async def began(self, tx: Transaction) -> Week | None:
        """Return the first week of this store."""
        value = await tx.value(select(facts.c.value).where(facts.c.name == _BEGAN))
        return None if value is None else Week.parse(value)

    async def begin(self, tx: Transaction, week: Week) -> None:
        """Remember the first week of this store; it moves back for older letters, until something was released."""
        if await tx.insert_new(facts, {"name": _BEGAN, "value": str(week)}) or await self.last_week(tx) is not None:
            return
        earlier = update(facts).where(facts.c.name == _BEGAN, facts.c.value > str(week))
        await tx.change(earlier.values(value=str(week)))

    async def fix_lattice(self, tx: Transaction, block: str, lattice: str) -> str:
        """Fix the lattice of a block unless one is fixed; returns the fixed one."""
        await tx.insert_new(lattices, {"block": block, "lattice": lattice})
        return await self.lattice_of(tx, block) or lattice

    async def lattice_of(self, tx: Transaction, block: str) -> str | None:
        """Return the lattice fixed for a block."""
        value = await tx.value(select(lattices.c.lattice).where(lattices.c.block == block))
        return None if value is None else str(value)

    async def blocks(self, tx: Transaction) -> list[Block]:
        """Return the blocks whose lattice is fixed, in order."""
        return sorted(Block.parse(block) for (block,) in await tx.rows(select(lattices.c.block)))

    async def announce(self, tx: Transaction, period: str) -> bool:
        """Remember for good that the digests of a period were put out or withheld; False when it was done before."""
        return await tx.insert_new(facts, {"name": f"{_ANNOUNCED}{period}", "value": ""})

    async def announced(self, tx: Transaction) -> set[str]:
        """Return the periods whose digests were put out or withheld."""
        rows = await tx.rows(select(facts.c.name).where(facts.c.name.startswith(_ANNOUNCED)))
        return {name.removeprefix(_ANNOUNCED) for (name,) in rows}

    async def publish(self, tx: Transaction, release: Release) -> None:
        """Publish a release for good.

        Raises:
            DuplicateError: this period and source were released before; the transaction may go on.
        """
        row = {
            "period": release.period,
            "source": release.source.value,
            "k": release.k,
            "band": release.band,
            "cap": release.cap,
            "gated": release.gated,
            "lattice": release.lattice,
            "rows": json.dumps([_encoded(shown) for shown in release.rows]),
        }
        if not await tx.insert_new(releases, row):
            raise DuplicateError(f"{release.period} ({release.source.value}) was released before.")

    async def get(self, tx: Transaction, period: str, source: Source) -> Release | None:
        """Return one release."""
        query = select(releases).where(releases.c.period == period, releases.c.source == source.value)
        row = await tx.first(query)
        return None if row is None else _decoded(row)

    async def all(self, tx: Transaction) -> list[Release]:
        """Return every release, by period and source."""
        found = [_decoded(row) for row in await tx.rows(select(releases))]
        return sorted(found, key=lambda release: (release.period, release.source))

    async def last_week(self, tx: Transaction) -> Week | None:
        """Return the newest released week of any source."""
        query = select(func.max(releases.c.period)).where(func.length(releases.c.period) == _WEEK_LENGTH)
        period = await tx.value(query)
        return None if period is None else Week.parse(period)


def _encoded(row: ReleasedRow) -> list[object]:
    return [row.period, row.region, row.category, row.body, row.low, row.high, row.k, row.band, row.cap, row.source]


def _decoded(row: AnyRow) -> Release:
    source = Source(row.source)
    return Release(
        period=row.period,
        source=source,
        k=row.k,
        band=row.band,
        cap=row.cap,
        gated=row.gated,
        lattice=row.lattice,
        rows=tuple(_row(values) for values in json.loads(row.rows)),
    )


def _row(values: list[Any]) -> ReleasedRow:
    period, region, category, body, low, high, k, band, cap, source = values
    return ReleasedRow(
        period=period,
        region=region,
        category=category,
        body=body,
        low=low,
        high=high,
        k=k,
        band=band,
        cap=cap,
        source=Source(source),
    )
