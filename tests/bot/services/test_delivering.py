"""The outbox: in order for each recipient, once, and never for ever in a loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.services.delivering import Delivering, Recipient, decode, encode
from domain.errors import (
    ChannelError,
    ChannelRefusedError,
    ChannelUnavailableError,
    RecipientGoneError,
    StorageError,
)
from domain.message import Choice, Outbound, Repeat
from storage.database import Database
from storage.keys import Keys
from storage.outbox import Outbox
from tests.bot.conversation.small_world import ZONE
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import FakeClock

A = Recipient("telegram", "7")
B = Recipient("telegram", "8")


def said(text: str, repeat: Repeat = Repeat.FORBIDDEN) -> Outbound:
    return Outbound(text=text, repeat=repeat)


class Office:
    """A delivering service with a fake channel."""

    def __init__(self, database: Database, keys: Keys, clock: FakeClock) -> None:
        self.database, self.clock, self.channel = database, clock, FakeChannel()
        self.outbox = Outbox(keys, ZONE)
        self.restart()

    def restart(self) -> None:
        """Begin anew on what is stored."""
        senders = {self.channel.name: self.channel}
        self.service = Delivering(self.database, self.outbox, senders, clock=self.clock)

    async def put(self, recipient: Recipient, *messages: Outbound) -> None:
        """Put messages into the outbox."""
        async with self.database.transaction() as tx:
            await self.service.put(tx, recipient, messages)

    async def put_once(self, recipient: Recipient, message: Outbound, unique: str) -> bool:
        """Put a message in that must not be sent twice."""
        async with self.database.transaction() as tx:
            return await self.service.put_once(tx, recipient, message, unique=unique)

    async def later(self, seconds: float) -> None:
        """Let time pass and send what is due."""
        self.clock.advance(timedelta(seconds=seconds))
        await self.service.send_due()

    async def waiting(self) -> int:
        """Return how many messages are still to be sent, whenever."""
        async with self.database.reading() as tx:
            return len(await self.outbox.due(tx, now=self.clock() + timedelta(days=1)))

    async def states(self) -> dict[str, int]:
        """Return the states of the messages that must not be sent twice."""
        async with self.database.reading() as tx:
            return {state: number for state, number in (await self.outbox.unsettled(tx)).items() if number}

    def texts(self, recipient: Recipient = A) -> list[str]:
        """Return what a recipient got."""
        return [message.text for address, message in self.channel.sent if address == recipient.address]


@pytest.fixture
def office(database: Database, keys: Keys, clock: FakeClock) -> Office:
    """A delivering service."""
    return Office(database, keys, clock)


@pytest.mark.parametrize(
    "message",
    [
        said("好"),
        said("回执", Repeat.ALLOWED),
        Outbound(text="选", choices=((Choice("a", "甲"), Choice("b", "乙")), (Choice("c", "丙"),))),
        Outbound(text="图", file_name="图.png", file=bytes(range(256))),
    ],
)
def test_a_message_survives_the_outbox(message: Outbound) -> None:
    """Words, choices, file and repeat come back equal."""
    assert decode(encode(message)) == message


async def test_messages_arrive_in_order_and_once(office: Office) -> None:
    """Each recipient gets their messages in the order they were put, and nothing is left."""
    for number in range(4):
        await office.put(A, said(f"甲{number}"), said(f"甲{number}b"))
        await office.put(B, said(f"乙{number}"))
    await office.service.send_due()
    await office.service.send_due()
    assert office.texts(A) == [f"甲{number}{part}" for number in range(4) for part in ("", "b")]
    assert office.texts(B) == [f"乙{number}" for number in range(4)]
    assert await office.waiting() == 0


async def test_a_rolled_back_message_is_never_sent(office: Office) -> None:
    """What its transaction took back was never said."""
    with pytest.raises(StorageError):
        await _fail_after_put(office)
    await office.service.send_due()
    assert office.texts() == []


async def _fail_after_put(office: Office) -> None:
    async with office.database.transaction() as tx:
        await office.service.put(tx, A, [said("好")])
        raise StorageError


# ---- the platform fails ----


async def test_an_unreachable_platform_is_tried_again_in_order(office: Office) -> None:
    """The first message waits as long as the platform asks; the second does not overtake it, another person's does."""
    office.channel.failing.append(ChannelUnavailableError(delay=30))
    await office.put(A, said("一"), said("二"))
    await office.service.send_due()
    await office.put(B, said("乙"))
    await office.put(A, said("三"))
    await office.later(29)
    assert (office.texts(A), office.texts(B)) == ([], ["乙"])
    await office.later(1)
    assert office.texts(A) == ["一", "二", "三"]


async def test_waits_grow_to_an_hour_and_never_end(office: Office) -> None:
    """Through days of outage each wait doubles up to an hour, and then the message arrives."""
    await office.put(A, said("一"))
    waits = []
    for _ in range(80):
        office.channel.failing.append(ChannelUnavailableError(delay=0.5))
        await office.service.send_due()
        assert not office.channel.failing
        waits.append((office.service._held[A] - office.clock()).total_seconds())
        office.clock.advance(timedelta(seconds=waits[-1]))
    assert waits[:5] == [1, 2, 4, 8, 16]
    assert waits[20:] == [3600] * 60
    await office.service.send_due()
    assert office.texts() == ["一"]


@pytest.mark.parametrize(
    ("repeat", "texts", "state"),
    [(Repeat.ALLOWED, ["一", "一"], {"delivered": 1}), (Repeat.FORBIDDEN, ["一"], {"ambiguous": 1})],
)
async def test_after_an_ambiguous_send_only_receipts_are_repeated(
    office: Office, repeat: Repeat, texts: list[str], state: dict[str, int]
) -> None:
    """Nobody knows whether it arrived: a receipt is sent again, anything else is not, and a digest is listed."""
    office.channel.failing.append(ChannelUnavailableError(delay=1, ambiguous=True))
    await office.put_once(A, said("一", repeat), "u")
    await office.service.send_due()
    await office.later(5)
    assert office.texts() == texts
    assert await office.states() == state
    assert await office.waiting() == 0


@pytest.mark.parametrize("failure", [RecipientGoneError(), ChannelError()])
async def test_what_can_never_arrive_is_given_up(office: Office, failure: ChannelError) -> None:
    """A recipient who is gone, or a message the platform refuses, holds up nothing behind it."""
    office.channel.failing.append(failure)
    await office.put_once(A, said("一"), "u")
    await office.put(A, said("二"))
    await office.service.send_due()
    assert office.texts() == ["二"]
    assert await office.states() == {"gone": 1}


async def test_a_refused_channel_keeps_its_messages(office: Office) -> None:
    """With a wrong token nothing is given up; an hour later, or after a restart with a right one, it is sent."""
    office.channel.failing.append(ChannelRefusedError())
    await office.put(A, said("一"))
    await office.service.send_due()
    await office.later(3599)
    assert office.texts() == []
    await office.later(1)
    assert office.texts() == ["一"]


async def test_messages_of_a_channel_that_is_off_wait(office: Office) -> None:
    """Nothing is lost while a channel is not configured."""
    await office.put(Recipient("wecom", "7"), said("一"))
    await office.service.send_due()
    assert await office.waiting() == 1


# ---- once ----


async def test_a_digest_is_put_once_for_good(office: Office) -> None:
    """The same name is refused before and after the message arrived, and after a restart."""
    assert await office.put_once(A, said("周报"), "2026-W40 A")
    assert not await office.put_once(A, said("周报"), "2026-W40 A")
    await office.service.send_due()
    office.restart()
    assert not await office.put_once(A, said("周报"), "2026-W40 A")
    assert await office.put_once(B, said("周报"), "2026-W40 B")
    await office.service.send_due()
    assert (office.texts(A), office.texts(B)) == (["周报"], ["周报"])


async def test_what_arrived_is_not_sent_again_when_that_could_not_be_noted(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database fails after the message was sent: it is noted later, and never sent a second time."""
    delivered = Outbox.delivered

    async def full(*_: Any, **__: Any) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(Outbox, "delivered", full)
    await office.put_once(A, said("周报"), "u")
    await office.put(A, said("二"))
    await office.service.send_due()
    assert (office.texts(), await office.waiting()) == (["周报"], 2)
    monkeypatch.setattr(Outbox, "delivered", delivered)
    await office.later(10)
    assert (office.texts(), await office.waiting()) == (["周报", "二"], 0)
    assert await office.states() == {"delivered": 1}


async def test_two_rounds_at_once_send_once(office: Office) -> None:
    """Rounds that run into each other never send the same message twice."""
    for number in range(10):
        await office.put(A, said(str(number)))
        await office.put(B, said(str(number)))
    await asyncio.gather(*(office.service.send_due() for _ in range(5)))
    await office.service.send_due()
    assert office.texts(A) == office.texts(B) == [str(number) for number in range(10)]


async def test_a_sender_with_a_defect_is_not_called_in_a_loop(office: Office) -> None:
    """A failure nobody foresaw holds the recipient back for a minute and nobody else."""
    calls = []

    class Defective(FakeChannel):
        async def send(self, address: str, message: Outbound) -> None:
            if address == "7":
                calls.append(message.text)
                raise ZeroDivisionError
            await super().send(address, message)

    office.channel = Defective()
    office.restart()
    await office.put(A, said("一"))
    await office.put(B, said("乙"))
    for _ in range(5):
        await office.service.send_due()
    assert (calls, office.texts(B)) == (["一"], ["乙"])
    await office.later(61)
    assert calls == ["一", "一"]


# ---- the running service ----


async def test_the_service_sends_as_soon_as_it_is_woken(office: Office) -> None:
    """What was put while the service runs goes out at once, and a stop ends it."""
    stop = asyncio.Event()
    running = asyncio.create_task(office.service.run(stop))
    await asyncio.sleep(0.05)
    await office.put(A, said("一"))
    office.service.wake()
    await _until(lambda: office.texts() == ["一"])
    await office.put(A, said("二"))
    office.service.wake()
    await _until(lambda: office.texts() == ["一", "二"])
    stop.set()
    await asyncio.wait_for(running, 2)


async def test_the_service_outlives_a_failing_database(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the outbox cannot be read nothing is sent; then everything is."""
    due, failures = Outbox.due, iter([True, True])

    async def flaky(self: Outbox, *arguments: Any, **fields: Any) -> Sequence[Any]:
        if next(failures, False):
            raise StorageError
        return await due(self, *arguments, **fields)

    monkeypatch.setattr(Outbox, "due", flaky)
    await office.put(A, said("一"))
    stop = asyncio.Event()
    running = asyncio.create_task(office.service.run(stop))
    for _ in range(3):
        await asyncio.sleep(0.02)
        office.service.wake()
    await _until(lambda: office.texts() == ["一"])
    stop.set()
    await asyncio.wait_for(running, 2)


async def _until(true: Any) -> None:
    for _ in range(200):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


async def test_no_log_line_has_an_address_or_a_word(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """Failures are logged by channel and kind only."""
    caplog.set_level(logging.DEBUG)
    recipient = Recipient("telegram", "987654321")
    for failure in (
        ChannelUnavailableError(delay=1),
        ChannelUnavailableError(ambiguous=True),
        RecipientGoneError("987654321"),
        ChannelError("987654321 绝密"),
    ):
        office.channel.failing.append(failure)
        await office.put(recipient, said("绝密"))
        await office.later(10)
    assert "delivery-" in caplog.text
    assert "987654321" not in caplog.text
    assert "绝密" not in caplog.text


async def test_a_digest_that_a_kill_interrupted_is_listed_and_not_repeated(office: Office) -> None:
    """Nobody knows whether it arrived; an ordinary answer in the same place is sent again."""
    await office.put_once(A, said("digest"), "digest|2026-W40|ling")
    await office.put(B, said("answer"))
    deliver = office.outbox.delivered

    async def killed(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    office.outbox.delivered = killed  # type: ignore[method-assign]  # the process ends between sending and noting it
    await office.service.send_due()
    office.outbox.delivered = deliver  # type: ignore[method-assign]
    office.restart()
    await office.service.send_due()
    assert office.texts(A) == ["digest"]
    assert office.texts(B) == ["answer", "answer"]
    assert await office.states() == {"ambiguous": 1}
    assert await office.waiting() == 0


async def test_a_digest_that_could_not_be_sent_is_tried_again(office: Office) -> None:
    """A failure that is certain does not count as begun, not even after a restart."""
    await office.put_once(A, said("digest"), "digest|2026-W40|ling")
    office.channel.failing.append(ChannelUnavailableError())
    await office.service.send_due()
    office.restart()
    await office.later(60)
    assert office.texts(A) == ["digest"]
    assert await office.states() == {"delivered": 1}
