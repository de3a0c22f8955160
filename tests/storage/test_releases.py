"""Releases are published once and never changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.errors import DuplicateError
from domain.release import Release, ReleasedRow
from domain.report import Source
from domain.week import Block, Week
from storage.database import Database
from storage.releases import Releases


@pytest.fixture
def releases() -> Releases:
    return Releases()


def _release(period: str, source: Source = Source.CHAT) -> Release:
    shown: list[tuple[str | None, str | None]] = [("votes_likes", None), (None, "health")]
    rows = tuple(
        ReleasedRow(
            period=period,
            region="haidian",
            category=category,
            body=body,
            low=5,
            high=9,
            k=5,
            band=5,
            cap=3,
            source=source,
        )
        for category, body in shown
    )
    return Release(period=period, source=source, k=5, band=5, cap=3, gated=True, lattice='{"名": 1}', rows=rows)


async def _publish(database: Database, releases: Releases, *published: Release) -> None:
    for release in published:
        async with database.transaction() as tx:
            await releases.publish(tx, release)


async def test_a_release_comes_back_as_it_was_published(any_database: Database, releases: Releases) -> None:
    chat, imported = _release("2026-W40"), replace(_release("2026-W40", Source.IMPORT), rows=(), gated=False)
    await _publish(any_database, releases, chat, imported)
    async with any_database.reading() as tx:
        assert await releases.get(tx, "2026-W40", Source.CHAT) == chat
        assert await releases.get(tx, "2026-W40", Source.IMPORT) == imported
        assert await releases.get(tx, "2026-W41", Source.CHAT) is None


async def test_a_period_is_released_once(any_database: Database, releases: Releases) -> None:
    """The second attempt is refused, the first release stays, the transaction may go on."""
    first = _release("2026-W40")
    await _publish(any_database, releases, first)
    async with any_database.transaction() as tx:
        with pytest.raises(DuplicateError, match=r"2026-W40 \(chat\) was released before"):
            await releases.publish(tx, replace(first, rows=()))
        await releases.publish(tx, _release("2026-W41"))
    async with any_database.reading() as tx:
        assert await releases.all(tx) == [first, _release("2026-W41")]


async def test_releases_are_listed_by_period_and_source(any_database: Database, releases: Releases) -> None:
    periods = ["2026-W37", "2026-W37..W40", "2026-W40", "2027-W01"]
    wanted = [_release(period, source) for period in periods for source in (Source.CHAT, Source.IMPORT)]
    await _publish(any_database, releases, *reversed(wanted))
    async with any_database.reading() as tx:
        assert await releases.all(tx) == wanted


async def test_the_last_week_is_the_newest_of_any_source(any_database: Database, releases: Releases) -> None:
    """Blocks are no weeks; without a release there is none."""
    async with any_database.reading() as tx:
        assert await releases.last_week(tx) is None
    await _publish(any_database, releases, _release("2026-W52"), _release("2027-W01", Source.IMPORT))
    await _publish(any_database, releases, _release("2027-W01..W04"))
    async with any_database.reading() as tx:
        assert await releases.last_week(tx) == Week(2027, 1)


async def test_the_first_week_moves_back_until_something_was_released(
    any_database: Database, releases: Releases
) -> None:
    """Older letters may be imported before the first release; afterwards, and forward, it never moves."""
    async with any_database.transaction() as tx:
        assert await releases.began(tx) is None
        for week, first in ((40, 40), (41, 40), (12, 12)):
            await releases.begin(tx, Week(2026, week))
            assert await releases.began(tx) == Week(2026, first)
        await releases.publish(tx, _release("2026-W12"))
        await releases.begin(tx, Week(2026, 1))
        assert await releases.began(tx) == Week(2026, 12)


async def test_a_period_is_announced_once(any_database: Database, releases: Releases) -> None:
    async with any_database.transaction() as tx:
        await releases.begin(tx, Week(2026, 40))
        assert await releases.announced(tx) == set()
        assert await releases.announce(tx, "2026-W40")
        assert not await releases.announce(tx, "2026-W40")
        assert await releases.announce(tx, "2026-W41")
        assert await releases.announced(tx) == {"2026-W40", "2026-W41"}


async def test_a_lattice_is_fixed_by_whoever_comes_first(any_database: Database, releases: Releases) -> None:
    block = "2026-W37..W40"
    async with any_database.transaction() as tx:
        assert await releases.lattice_of(tx, block) is None
        assert await releases.fix_lattice(tx, block, "first") == "first"
        assert await releases.fix_lattice(tx, block, "second") == "first"
        assert await releases.lattice_of(tx, block) == "first"
        assert await releases.lattice_of(tx, "2026-W41..W44") is None
        await releases.fix_lattice(tx, "2026-W05..W08", "other")
        assert await releases.blocks(tx) == [Block(2026, 5, 8), Block(2026, 37, 40)]
