"""The sealed inbox: safe before it is acknowledged, handled once and in order, never lost to a failure."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.services import receiving as receiving_module
from bot.services.receiving import Receiving
from domain.errors import StorageError
from domain.message import Inbound
from storage.database import Database, Transaction
from storage.inbox import Inbox
from storage.keys import Keys
from tests.bot.conversation.small_world import ZONE
from tests.fakes.channel import FakeChannel, Update
from tests.fakes.clock import FakeClock


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed event is tried again at once."""
    monkeypatch.setattr(receiving_module, "_RETRY_SECONDS", (0.001, 0.002))


@dataclass
class Post:
    """A receiving service whose handler keeps what it handled and claims it in the inbox."""

    database: Database
    keys: Keys
    clock: FakeClock
    channel: FakeChannel = field(default_factory=FakeChannel)
    handled: list[tuple[str, str]] = field(default_factory=list)
    failures: Iterator[bool] = field(default_factory=lambda: itertools.repeat(False))
    before: Callable[[Inbound], Any] | None = None

    def __post_init__(self) -> None:
        """Begin, as after a start."""
        self.inbox = Inbox(self.keys)
        self.start()

    def start(self) -> None:
        """Begin anew on what is stored."""
        parsers = {self.channel.name: self.channel}
        self.service = Receiving(self.database, self.inbox, parsers=parsers, clock=self.clock, zone=ZONE)
        self.service.handle_with(self.handle)

    async def handle(self, id_: bytes, event: Inbound) -> None:
        """Claim and remember an event; fail first as often as asked."""
        if self.before is not None:
            await self.before(event)
        await asyncio.sleep(0)
        if next(self.failures):
            raise StorageError
        async with self.database.transaction() as tx:
            if await self.inbox.remove(tx, id_):
                self.handled.append((event.address, event.text))

    async def take(self, *updates: Update) -> None:
        """Receive and handle."""
        await self.service.receive(updates)
        await self.service.idle()

    async def waiting(self) -> int:
        """Return how many updates are stored and not handled."""
        async with self.database.reading() as tx:
            return len(await self.inbox.waiting(tx))


@pytest.fixture
def post(database: Database, keys: Keys, clock: FakeClock) -> Post:
    """A receiving service."""
    return Post(database, keys, clock)


async def test_an_update_is_stored_before_it_is_handled(post: Post) -> None:
    """When `receive` returns, a restart would find the update, although nobody has handled it."""
    ready = asyncio.Event()
    post.before = lambda _: ready.wait()
    await post.service.receive([post.channel.wrote(7, "一")])
    assert (post.handled, await post.waiting()) == ([], 1)
    ready.set()
    await post.service.idle()
    assert (post.handled, await post.waiting()) == ([("7", "一")], 0)


async def test_what_the_platform_sends_again_is_handled_once(post: Post) -> None:
    """In the same batch, in a later one, before and after it was handled, and after a restart."""
    update = post.channel.wrote(7, "一")
    await post.service.receive([update, update])
    await post.service.receive([update])
    await post.service.idle()
    await post.take(update)
    post.start()
    await post.take(update)
    assert post.handled == [("7", "一")]


async def test_nothing_is_stored_when_the_database_fails(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform is told nothing, and gets the update taken in once the database is back."""
    updates = [post.channel.wrote(7, "一"), post.channel.wrote(8, "二")]
    add = Inbox.add

    async def full(*_: Any, **__: Any) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(Inbox, "add", full)
    with pytest.raises(StorageError):
        await post.service.receive(updates)
    monkeypatch.setattr(Inbox, "add", add)
    await post.take(*updates)
    assert sorted(post.handled) == [("7", "一"), ("8", "二")]


async def test_one_persons_events_keep_their_order(post: Post) -> None:
    """Within a batch the platform's order decides, over batches the order of arrival, whoever is slow."""
    updates = [post.channel.wrote(person, str(number)) for number in range(5) for person in (7, 8)]
    post.before = lambda event: asyncio.sleep(0.002 if event.address == "7" else 0)
    await post.service.receive(list(reversed(updates)))
    await post.service.receive([post.channel.wrote(7, "5")])
    await post.service.idle()
    assert [text for address, text in post.handled if address == "7"] == list("012345")
    assert [text for address, text in post.handled if address == "8"] == list("01234")


async def test_people_are_handled_side_by_side(post: Post) -> None:
    """Twenty people whose handlers wait for each other all get through."""
    together = asyncio.Barrier(20)
    post.before = lambda _: together.wait()
    await asyncio.wait_for(post.take(*(post.channel.wrote(person, "一") for person in range(20))), 10)
    assert len(post.handled) == 20


async def test_a_failing_database_delays_and_keeps_the_order(post: Post) -> None:
    """An event that fails is tried again before the person's next one, as often as it takes."""
    post.failures = itertools.chain([True] * 5, [False], [True] * 3, itertools.repeat(False))
    await post.take(post.channel.wrote(7, "一"), post.channel.wrote(7, "二"))
    assert post.handled == [("7", "一"), ("7", "二")]


async def test_what_was_not_handled_is_found_at_the_next_start(post: Post) -> None:
    """After a stop in the middle everything is handled, in order and once."""
    post.failures = itertools.repeat(True)
    await post.service.receive([post.channel.wrote(7, text) for text in "一二三"] + [post.channel.wrote(8, "四")])
    await post.service.stop(grace=0.01)
    assert (post.handled, await post.waiting()) == ([], 4)
    post.failures = itertools.repeat(False)
    post.start()
    assert await post.service.resume() == 4
    await post.service.idle()
    assert [text for address, text in post.handled if address == "7"] == list("一二三")
    assert (len(post.handled), await post.waiting()) == (4, 0)


async def test_stopping_lets_the_current_event_finish(post: Post) -> None:
    """Within the grace the event under way ends; those behind it stay in the inbox."""
    begun, ready = asyncio.Event(), asyncio.Event()

    async def hold(_: Inbound) -> None:
        begun.set()
        await ready.wait()

    post.before = hold
    await post.service.receive([post.channel.wrote(7, "一"), post.channel.wrote(7, "二")])
    await begun.wait()
    stopping = asyncio.create_task(post.service.stop(grace=5))
    await asyncio.sleep(0)
    ready.set()
    await stopping
    assert (post.handled, await post.waiting()) == ([("7", "一")], 1)


async def test_what_cannot_be_read_is_set_aside(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    """An update nobody understands is quarantined and logged without its words; its neighbours are handled."""
    odd = post.channel.wrote(7, "奇怪")
    post.channel.odd.add(odd[1])
    with caplog.at_level("INFO"):
        await post.take(post.channel.wrote(7, "一"), odd, post.channel.wrote(7, "二"))
    assert post.handled == [("7", "一"), ("7", "二")]
    assert await post.waiting() == 0
    assert "update-quarantined" in caplog.text
    assert "奇怪" not in caplog.text
    post.start()
    assert await post.service.resume() == 0


async def test_what_needs_no_answer_is_dropped(post: Post) -> None:
    """An update without an event leaves the inbox at once."""
    await post.take((post.channel.name, "900", b"null"))
    assert (post.handled, await post.waiting()) == ([], 0)


async def test_updates_of_a_channel_that_is_off_wait(post: Post) -> None:
    """What came in through another channel stays until that channel is configured again."""
    other = FakeChannel("wecom")
    await post.take(other.wrote(7, "一"), post.channel.wrote(7, "二"))
    assert (post.handled, await post.waiting()) == ([("7", "二")], 1)


async def test_a_failure_to_set_aside_keeps_nobody_waiting(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """When an odd update cannot be put away, its neighbours are handled all the same, and it waits for a start."""

    async def locked(_: Inbox, tx: Transaction, id: bytes) -> None:  # noqa: A002  as the method it replaces
        raise StorageError

    odd = post.channel.wrote(7, "奇怪")
    post.channel.odd.add(odd[1])
    monkeypatch.setattr(Inbox, "quarantine", locked)
    await post.take(odd, post.channel.wrote(7, "一"))
    assert (post.handled, await post.waiting()) == ([("7", "一")], 1)


async def test_midnight_makes_no_old_update_new(post: Post) -> None:
    """The day's key changes; an update of yesterday that comes again is known."""
    update = post.channel.wrote(7, "一")
    await post.take(update)
    post.clock.advance(post.clock().replace(hour=23) - post.clock())
    await post.take(update)
    assert post.handled == [("7", "一")]


async def test_without_a_handler_nothing_is_swallowed(database: Database, keys: Keys, clock: FakeClock) -> None:
    """A service that was put together wrongly keeps the update."""
    channel = FakeChannel()
    service = Receiving(database, Inbox(keys), parsers={channel.name: channel}, clock=clock, zone=ZONE)
    await service.receive([channel.wrote(7, "一")])
    await service.idle()
    async with database.reading() as tx:
        assert len(await Inbox(keys).waiting(tx)) == 1
