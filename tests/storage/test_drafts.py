"""What a person has open."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from domain.errors import SealBrokenError
from storage.database import Database
from storage.drafts import Drafts
from storage.keys import Keys
from storage.tables import drafts as drafts_table
from tests.fakes.clock import FakeClock

_ANNA = "telegram:1"
_BEN = "telegram:2"


@pytest.fixture
def drafts(keys: Keys, zone: ZoneInfo) -> Drafts:
    return Drafts(keys, zone)


async def _save(database: Database, drafts: Drafts, person: str, payload: bytes, clock: FakeClock) -> None:
    async with database.transaction() as tx:
        await drafts.save(tx, person, payload, now=clock())


async def _load(database: Database, drafts: Drafts, person: str, clock: FakeClock) -> bytes | None:
    async with database.reading() as tx:
        return await drafts.load(tx, person, now=clock())


async def _count(database: Database) -> object:
    async with database.reading() as tx:
        return await tx.value(select(func.count()).select_from(drafts_table))


async def test_each_person_has_one_draft(any_database: Database, drafts: Drafts, clock: FakeClock) -> None:
    """Saving replaces one's own draft and nobody else's."""
    assert await _load(any_database, drafts, _ANNA, clock) is None
    await _save(any_database, drafts, _ANNA, b"first", clock)
    await _save(any_database, drafts, _BEN, b"other", clock)
    await _save(any_database, drafts, _ANNA, b"second", clock)
    assert await _load(any_database, drafts, _ANNA, clock) == b"second"
    assert await _load(any_database, drafts, _BEN, clock) == b"other"
    assert await _count(any_database) == 2


async def test_a_draft_lives_24_hours_across_midnight(any_database: Database, drafts: Drafts, clock: FakeClock) -> None:
    await _save(any_database, drafts, _ANNA, b"text", clock)
    clock.advance(timedelta(hours=23, minutes=59))
    assert await _load(any_database, drafts, _ANNA, clock) == b"text"
    clock.advance(timedelta(minutes=1))
    assert await _load(any_database, drafts, _ANNA, clock) is None


async def test_saving_after_midnight_leaves_one_row(any_database: Database, drafts: Drafts, clock: FakeClock) -> None:
    """Yesterday's row goes and the draft lives 24 hours more."""
    await _save(any_database, drafts, _ANNA, b"yesterday", clock)
    clock.advance(timedelta(hours=20))
    await _save(any_database, drafts, _ANNA, b"today", clock)
    assert await _count(any_database) == 1
    clock.advance(timedelta(hours=20))
    assert await _load(any_database, drafts, _ANNA, clock) == b"today"


async def test_removing_works_on_the_next_day_too(any_database: Database, drafts: Drafts, clock: FakeClock) -> None:
    await _save(any_database, drafts, _ANNA, b"text", clock)
    clock.advance(timedelta(hours=20))
    async with any_database.transaction() as tx:
        await drafts.remove(tx, _ANNA, now=clock())
        await drafts.remove(tx, _BEN, now=clock())
    assert await _count(any_database) == 0


async def test_expiring_takes_the_old_and_the_unreadable(
    any_database: Database, drafts: Drafts, keys: Keys, clock: FakeClock
) -> None:
    """Older than 24 hours, or sealed under a key that is gone: deleted; the rest stays."""
    await _save(any_database, drafts, "telegram:3", b"unreadable", clock)
    keys.destroy_day(clock().date())
    clock.advance(timedelta(hours=14))  # the next local day
    await _save(any_database, drafts, _ANNA, b"old", clock)
    clock.advance(timedelta(hours=20))
    await _save(any_database, drafts, _BEN, b"new", clock)
    clock.advance(timedelta(hours=4))
    async with any_database.transaction() as tx:
        assert await drafts.expire(tx, now=clock()) == 2
        assert await drafts.expire(tx, now=clock()) == 0
    assert await _load(any_database, drafts, _BEN, clock) == b"new"


async def test_a_destroyed_day_key_ends_its_drafts(
    any_database: Database, drafts: Drafts, keys: Keys, clock: FakeClock
) -> None:
    await _save(any_database, drafts, _ANNA, b"text", clock)
    for day in keys.days():
        keys.destroy_day(day)
    assert await _load(any_database, drafts, _ANNA, clock) is None
    assert keys.days() == []  # looking made no key


async def test_drafts_of_like_length_look_alike(any_database: Database, drafts: Drafts, clock: FakeClock) -> None:
    """One character and four hundred take the same room."""
    await _save(any_database, drafts, _ANNA, b"x", clock)
    await _save(any_database, drafts, _BEN, b"x" * 400, clock)
    async with any_database.reading() as tx:
        sizes = {len(row.sealed) for row in await tx.rows(select(drafts_table.c.sealed))}
    assert len(sizes) == 1


async def test_a_draft_moved_to_another_person_does_not_open(
    any_database: Database, drafts: Drafts, clock: FakeClock
) -> None:
    await _save(any_database, drafts, _ANNA, b"anna", clock)
    await _save(any_database, drafts, _BEN, b"ben", clock)
    async with any_database.transaction() as tx:
        first, second = await tx.rows(select(drafts_table.c.id, drafts_table.c.sealed))
        for id_, sealed in ((first.id, second.sealed), (second.id, first.sealed)):
            await tx.change(drafts_table.update().where(drafts_table.c.id == id_).values(sealed=sealed))
    with pytest.raises(SealBrokenError):
        await _load(any_database, drafts, _ANNA, clock)
    async with any_database.transaction() as tx:
        assert await drafts.expire(tx, now=clock()) == 2
