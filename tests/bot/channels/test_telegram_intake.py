"""From Telegram into the sealed inbox and to the handler: once, whatever happens in between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from bot.channels.telegram import TelegramChannel
from bot.services.receiving import Receiving
from domain.message import Inbound
from storage.database import Database
from storage.inbox import Inbox
from storage.keys import Keys
from tests.fakes.bot_api import Control
from tests.fakes.clock import FakeClock
from tests.fakes.stored_updates import until

Make = Callable[..., TelegramChannel]


class _Program:
    """One start of a program that receives and handles, on a real database."""

    def __init__(self, database: Database, keys: Keys, channel: TelegramChannel, clock: FakeClock) -> None:
        self.database = database
        self.inbox = Inbox(keys)
        self.channel = channel
        self.handled: list[str] = []
        self.receiving = Receiving(
            database, self.inbox, parsers={channel.name: channel}, clock=clock, zone=ZoneInfo("Asia/Shanghai")
        )
        self.receiving.handle_with(self._handle)
        self.stop = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def _handle(self, id_: bytes, inbound: Inbound) -> None:
        async with self.database.transaction() as tx:
            if await self.inbox.remove(tx, id_):
                self.handled.append(inbound.text)

    async def start(self) -> None:
        await self.receiving.resume()
        self.task = asyncio.create_task(self.channel.run(self.receiving.receive, self.stop))

    async def die(self) -> None:
        """End as a kill does: nothing more is confirmed, nothing is finished."""
        assert self.task is not None
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def end(self) -> None:
        assert self.task is not None
        self.stop.set()
        await self.task
        await self.receiving.stop(grace=2)


@pytest.fixture
def start(database: Database, keys: Keys, make_channel: Make, clock: FakeClock) -> Callable[[], _Program]:
    """Make programs one after the other on the same database."""
    return lambda: _Program(database, keys, make_channel(), clock)


async def test_an_odd_update_is_put_aside_and_the_rest_of_its_batch_is_handled(
    api: Control, start: Callable[[], _Program]
) -> None:
    """What cannot be parsed neither stops the batch nor comes again."""
    api.say(5, "前")
    api.inject({"message": {"message_id": "?", "chat": 7}})
    api.say(6, "后")
    program = start()
    await program.start()
    await until(lambda: not api.waiting() and len(program.handled) == 2)
    await program.end()
    assert sorted(program.handled) == ["前", "后"]
    async with program.database.reading() as tx:
        assert await program.inbox.waiting(tx) == []


async def test_redelivered_updates_are_handled_once(api: Control, start: Callable[[], _Program]) -> None:
    """A program that dies after storing and before confirming is given them again, and so is a retry after a loss."""
    api.say(5, "一")
    api.fail("getUpdates", times=1, drop="after")
    first = start()
    await first.start()
    await until(lambda: first.handled)
    await first.die()
    api.say(5, "二")
    second = start()
    await second.start()
    await until(lambda: not api.waiting() and second.handled)
    await second.end()
    assert first.handled + second.handled == ["一", "二"]


async def test_what_was_stored_and_not_handled_is_handled_after_a_restart(
    api: Control, start: Callable[[], _Program]
) -> None:
    """Nothing acknowledged is lost when the program dies before it is handled."""
    first = start()

    async def never(_id: bytes, _inbound: Inbound) -> None:
        await asyncio.sleep(60)

    first.receiving.handle_with(never)
    await first.start()
    for text in ("一", "二", "三"):
        api.say(5, text)
    await until(lambda: not api.waiting())
    await first.die()
    await first.receiving.stop(grace=0)
    second = start()
    await second.start()
    await until(lambda: len(second.handled) == 3)
    await second.end()
    assert second.handled == ["一", "二", "三"]
