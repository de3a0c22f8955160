"""To be sent and not yet delivered."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.keys import Keys
from storage.outbox import Delivery, Outbox
from storage.tables import outbox as outbox_table
from tests.fakes.clock import FakeClock

_NOTHING = {"waiting": 0, "delivered": 0, "gone": 0, "ambiguous": 0}


class _Desk:
    """An outbox with its database and clock, one transaction a call."""

    def __init__(self, database: Database, outbox: Outbox, clock: FakeClock) -> None:
        self.database = database
        self.outbox = outbox
        self.clock = clock

    async def add(self, address: str, text: str, order: int) -> None:
        async with self.database.transaction() as tx:
            await self.outbox.add(
                tx, channel="telegram", address=address, payload=text.encode(), order=order, now=self.clock()
            )

    async def add_once(self, unique: str, text: str = "digest") -> bool:
        async with self.database.transaction() as tx:
            return await self.outbox.add_once(
                tx, unique=unique, channel="telegram", address="a", payload=text.encode(), order=1, now=self.clock()
            )

    async def due(self) -> list[Delivery]:
        async with self.database.reading() as tx:
            return await self.outbox.due(tx, now=self.clock())

    async def texts(self) -> list[str]:
        return [delivery.payload.decode() for delivery in await self.due()]

    async def delivered(self, delivery: Delivery) -> None:
        async with self.database.transaction() as tx:
            await self.outbox.delivered(tx, delivery.id)

    async def give_up(self, delivery: Delivery, state: str) -> None:
        async with self.database.transaction() as tx:
            await self.outbox.give_up(tx, delivery.id, state=state)

    async def postpone(self, delivery: Delivery, until: datetime) -> None:
        async with self.database.transaction() as tx:
            await self.outbox.postpone(tx, delivery.id, next_attempt=until)

    async def reseal(self) -> int:
        async with self.database.transaction() as tx:
            return await self.outbox.reseal(tx, now=self.clock())

    async def unsettled(self) -> dict[str, int]:
        async with self.database.reading() as tx:
            return await self.outbox.unsettled(tx)


@pytest.fixture
def desk(any_database: Database, keys: Keys, zone: ZoneInfo, clock: FakeClock) -> _Desk:
    return _Desk(any_database, Outbox(keys, zone), clock)


async def test_messages_come_in_order_with_all_that_was_put_in(desk: _Desk) -> None:
    await desk.add("a", "second", 2)
    await desk.add("b", "third", 3)
    await desk.add("a", "first", 1)
    due = await desk.due()
    assert [(item.channel, item.address, item.payload, item.order, item.attempts) for item in due] == [
        ("telegram", "a", b"first", 1, 0),
        ("telegram", "a", b"second", 2, 0),
        ("telegram", "b", b"third", 3, 0),
    ]


async def test_what_was_delivered_is_gone(desk: _Desk) -> None:
    await desk.add("a", "one", 1)
    await desk.add("a", "two", 2)
    await desk.delivered((await desk.due())[0])
    assert await desk.texts() == ["two"]


async def test_nothing_overtakes_a_postponed_message(desk: _Desk) -> None:
    """Until its time comes the whole address rests, later messages too; then all come, in order."""
    await desk.add("a", "one", 1)
    await desk.add("b", "elsewhere", 2)
    first = (await desk.due())[0]
    await desk.postpone(first, desk.clock() + timedelta(seconds=30))
    await desk.add("a", "two", 3)
    assert await desk.texts() == ["elsewhere"]
    desk.clock.advance(timedelta(seconds=30))
    due = await desk.due()
    assert [(item.payload, item.attempts) for item in due] == [(b"one", 1), (b"elsewhere", 0), (b"two", 0)]


async def test_attempts_are_counted(desk: _Desk) -> None:
    await desk.add("a", "one", 1)
    for attempt in range(3):
        (delivery,) = await desk.due()
        assert delivery.attempts == attempt
        await desk.postpone(delivery, desk.clock())


async def test_a_message_added_once_is_never_added_again(desk: _Desk) -> None:
    """Not while it waits, not after it was delivered."""
    assert await desk.add_once("2026-W40|haidian|1")
    assert not await desk.add_once("2026-W40|haidian|1")
    assert await desk.unsettled() == {**_NOTHING, "waiting": 1}
    (delivery,) = await desk.due()
    await desk.delivered(delivery)
    assert not await desk.add_once("2026-W40|haidian|1")
    assert await desk.add_once("2026-W41|haidian|1")
    assert await desk.unsettled() == {**_NOTHING, "waiting": 1, "delivered": 1}


@pytest.mark.parametrize("state", ["gone", "ambiguous"])
async def test_what_was_given_up_is_listed_without_content(desk: _Desk, state: str) -> None:
    await desk.add("a", "answer", 0)
    await desk.add_once("digest")
    for delivery in await desk.due():
        await desk.give_up(delivery, state)
    assert await desk.unsettled() == {**_NOTHING, state: 1}
    assert await desk.due() == []
    async with desk.database.reading() as tx:
        assert await tx.rows(select(outbox_table)) == []


async def test_a_message_is_not_given_up_as_anything_else(desk: _Desk) -> None:
    await desk.add("a", "one", 1)
    with pytest.raises(ValueError, match="gone, ambiguous"):
        await desk.give_up((await desk.due())[0], "waiting")
    assert await desk.texts() == ["one"]


async def test_adding_is_part_of_the_callers_transaction(desk: _Desk) -> None:

    async def add_and_fail() -> None:
        async with desk.database.transaction() as tx:
            await desk.outbox.add_once(
                tx, unique="u", channel="telegram", address="a", payload=b"x", order=1, now=desk.clock()
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await add_and_fail()
    assert await desk.due() == []
    assert await desk.add_once("u")


async def test_what_waits_moves_to_the_new_day(desk: _Desk, keys: Keys) -> None:
    """After resealing, the old day key may go; attempts, order and content stay."""
    await desk.add("a", "one", 1)
    await desk.postpone((await desk.due())[0], desk.clock())
    (old,) = keys.days()
    desk.clock.advance(timedelta(days=1))
    assert await desk.reseal() == 1
    assert await desk.reseal() == 0
    keys.destroy_day(old)
    assert [(item.payload, item.attempts) for item in await desk.due()] == [(b"one", 1)]


async def test_what_no_key_opens_is_given_up(desk: _Desk, keys: Keys) -> None:
    """Rows of a destroyed day key are skipped, then listed as gone; the others are sent."""
    await desk.add_once("lost")
    (old,) = keys.days()
    keys.destroy_day(old)
    desk.clock.advance(timedelta(days=1))
    await desk.add("a", "new", 2)
    assert await desk.texts() == ["new"]
    assert await desk.reseal() == 0
    assert await desk.unsettled() == {**_NOTHING, "gone": 1}
    assert await desk.texts() == ["new"]


async def test_a_tampered_row_does_not_stop_the_others(desk: _Desk) -> None:
    """A row whose content or head was changed is left out, and given up at the next resealing."""
    for order, address in enumerate("abc"):
        await desk.add(address, address, order)
    ids = {delivery.address: delivery.id for delivery in await desk.due()}
    async with desk.database.transaction() as tx:
        for address, column in (("a", "head"), ("b", "sealed")):
            change = outbox_table.update().where(outbox_table.c.id == ids[address])
            await tx.change(change.values({column: b"changed"}))
    assert await desk.texts() == ["c"]
    desk.clock.advance(timedelta(days=1))
    assert await desk.reseal() == 1
    async with desk.database.reading() as tx:
        assert len(await tx.rows(select(outbox_table))) == 1


async def test_settling_twice_changes_nothing(desk: _Desk) -> None:
    await desk.add_once("u")
    (delivery,) = await desk.due()
    await desk.delivered(delivery)
    await desk.give_up(delivery, "gone")
    await desk.postpone(delivery, desk.clock())
    assert await desk.unsettled() == {**_NOTHING, "delivered": 1}
