"""Received and not yet handled."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.inbox import Inbox
from storage.keys import Keys
from storage.tables import inbox as inbox_table
from storage.tables import inbox_marks

_TODAY = date(2026, 9, 30)
_TOMORROW = _TODAY + timedelta(days=1)
_ONE = ("telegram", "1", b"one")


@pytest.fixture
def inbox(keys: Keys) -> Inbox:
    return Inbox(keys)


async def _add(database: Database, inbox: Inbox, *updates: tuple[str, str, bytes], today: date = _TODAY) -> list[bytes]:
    async with database.transaction() as tx:
        return [item.id for item in await inbox.add(tx, updates, today=today)]


async def _waiting(database: Database, inbox: Inbox) -> list[tuple[str, str, bytes]]:
    async with database.reading() as tx:
        return sorted((item.channel, item.key, item.payload) for item in await inbox.waiting(tx))


async def test_each_update_is_stored_once(any_database: Database, inbox: Inbox) -> None:
    """The same channel and key is stored once, within a batch and later; other channels are apart."""
    other, two = ("wecom", "1", b"b"), ("telegram", "2", b"\x00\n\xff")
    assert len(await _add(any_database, inbox, _ONE, _ONE, other)) == 2
    assert len(await _add(any_database, inbox, _ONE, two)) == 1
    assert await _add(any_database, inbox) == []
    assert await _waiting(any_database, inbox) == [_ONE, two, other]


async def test_an_update_repeated_after_midnight_is_known(any_database: Database, inbox: Inbox) -> None:
    """Handled yesterday, fetched again today: it is not taken in again."""
    (id_,) = await _add(any_database, inbox, _ONE)
    async with any_database.transaction() as tx:
        assert await inbox.remove(tx, id_)
    assert await _add(any_database, inbox, _ONE, today=_TOMORROW) == []
    assert await _waiting(any_database, inbox) == []


async def test_only_one_may_claim_an_update(any_database: Database, inbox: Inbox) -> None:
    (id_,) = await _add(any_database, inbox, _ONE)
    async with any_database.transaction() as tx:
        assert await inbox.remove(tx, id_)
        assert not await inbox.remove(tx, id_)
    async with any_database.transaction() as tx:
        assert not await inbox.remove(tx, id_)


async def test_a_claim_that_is_rolled_back_leaves_the_update(any_database: Database, inbox: Inbox) -> None:
    (id_,) = await _add(any_database, inbox, _ONE)

    async def claim_and_fail() -> None:
        async with any_database.transaction() as tx:
            await inbox.remove(tx, id_)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await claim_and_fail()
    assert await _waiting(any_database, inbox) == [_ONE]


async def test_what_is_quarantined_waits_no_longer_and_is_known(any_database: Database, inbox: Inbox) -> None:
    (id_,) = await _add(any_database, inbox, _ONE)
    async with any_database.transaction() as tx:
        await inbox.quarantine(tx, id_)
    assert await _waiting(any_database, inbox) == []
    assert await _add(any_database, inbox, _ONE) == []


async def test_waiting_updates_move_to_the_new_day(any_database: Database, inbox: Inbox, keys: Keys) -> None:
    """After resealing, the old day key may go and the update still opens."""
    await _add(any_database, inbox, _ONE)
    await _add(any_database, inbox, ("telegram", "2", b"two"), today=_TOMORROW)
    async with any_database.transaction() as tx:
        assert await inbox.reseal(tx, today=_TOMORROW) == 1
        assert await inbox.reseal(tx, today=_TOMORROW) == 0
    keys.destroy_day(_TODAY)
    assert [key for _, key, _ in await _waiting(any_database, inbox)] == ["1", "2"]


async def test_a_destroyed_day_key_makes_its_rows_unreadable(any_database: Database, inbox: Inbox, keys: Keys) -> None:
    """The rows are skipped, not fatal, and go when their day expires."""
    await _add(any_database, inbox, _ONE)
    keys.destroy_day(_TODAY)
    assert await _waiting(any_database, inbox) == []
    async with any_database.transaction() as tx:
        assert await inbox.reseal(tx, today=_TOMORROW) == 0
        await inbox.expire(tx, before=_TOMORROW)
        assert await tx.rows(select(inbox_table)) == []


async def test_expiring_spares_what_waits(any_database: Database, inbox: Inbox) -> None:
    """Marks and quarantined rows of older days go; what waits under a living key stays whatever its day."""
    _, bad = await _add(any_database, inbox, _ONE, ("telegram", "2", b"two"))
    await _add(any_database, inbox, ("telegram", "3", b"three"), today=_TOMORROW)
    async with any_database.transaction() as tx:
        await inbox.quarantine(tx, bad)
        assert await inbox.expire(tx, before=_TODAY) == 0
        assert await inbox.expire(tx, before=_TOMORROW) == 3
        assert [row.day for row in await tx.rows(select(inbox_marks.c.day))] == [_TOMORROW.isoformat()]
    assert [key for _, key, _ in await _waiting(any_database, inbox)] == ["1", "3"]


async def test_a_tampered_row_is_left_out(any_database: Database, inbox: Inbox) -> None:
    """A payload moved to another row does not open there, and the others do."""
    await _add(any_database, inbox, _ONE, ("telegram", "2", b"two"))
    async with any_database.transaction() as tx:
        first, second = await tx.rows(select(inbox_table.c.id, inbox_table.c.sealed))
        await tx.change(inbox_table.update().where(inbox_table.c.id == first.id).values(sealed=second.sealed))
    assert len(await _waiting(any_database, inbox)) == 1


async def test_two_that_store_one_update_at_once_store_it_once(any_url: str, inbox: Inbox) -> None:
    """Two processes that got the same update: one takes it in."""
    first, second = await Database.open(any_url), await Database.open(any_url)
    stored = await asyncio.gather(_add(first, inbox, _ONE), _add(second, inbox, _ONE))
    assert sorted(len(ids) for ids in stored) == [0, 1]
    assert await _waiting(first, inbox) == [_ONE]
    await first.close()
    await second.close()


async def test_updates_of_like_length_take_the_same_room(any_database: Database, keys: Keys) -> None:
    """What the length of a row tells is no nearer than half a kilobyte."""
    updates = [("telegram", str(number), b"x" * (10 * number)) for number in range(1, 20)]
    async with any_database.transaction() as tx:
        await Inbox(keys).add(tx, updates, today=date(2026, 9, 30))
        sizes = {len(row.sealed) for row in await tx.rows(select(inbox_table.c.sealed))}
    assert len(sizes) == 1
