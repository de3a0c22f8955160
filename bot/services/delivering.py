"""Outbox: sends each thing to each recipient once."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Protocol

from bot.logs import record
from domain.errors import ChannelError, ChannelRefusedError, ChannelUnavailableError, RecipientGoneError, StorageError
from domain.message import Choice, Outbound, Repeat
from storage.database import Database, Transaction
from storage.outbox import Delivery, Outbox

_LONGEST_WAIT = timedelta(hours=1)
_IDLE_SECONDS = 5.0
_AFTER_A_DEFECT = timedelta(minutes=1)  # a sender that fails in a way nobody foresaw must not be called in a loop
_DELIVERED = "delivered"
_MOST_DOUBLINGS = 12  # 2**12 seconds are longer than the longest wait


class Sender(Protocol):
    """Where messages leave for a platform."""

    async def send(self, address: str, message: Outbound) -> None:
        """Deliver one message whole; raises the branches of ChannelError."""


def encode(message: Outbound) -> bytes:
    """Return a message as bytes for the sealed outbox."""
    return json.dumps(
        {
            "text": message.text,
            "choices": [[[choice.id, choice.label] for choice in row] for row in message.choices],
            "repeat": message.repeat.value,
            "file_name": message.file_name,
            "file": base64.b64encode(message.file).decode(),
        },
        ensure_ascii=False,
    ).encode()


def decode(payload: bytes) -> Outbound:
    """Return the message `encode` wrote."""
    fields = json.loads(payload)
    return Outbound(
        text=fields["text"],
        choices=tuple(tuple(Choice(id_, label) for id_, label in row) for row in fields["choices"]),
        repeat=Repeat(fields["repeat"]),
        file_name=fields["file_name"],
        file=base64.b64decode(fields["file"]),
    )


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a message goes."""

    channel: str
    address: str


class Delivering:
    """Puts messages into the outbox within a transaction, and sends what is due, in order for each recipient."""

    def __init__(
        self, database: Database, outbox: Outbox, senders: Mapping[str, Sender], *, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._senders = senders
        self._clock = clock
        self._order = count(int(clock().timestamp() * 1_000_000))
        self._wanted = asyncio.Event()
        self._under_way: dict[Recipient, asyncio.Task[None]] = {}
        self._held: dict[Recipient, datetime] = {}
        self._settled: dict[bytes, str] = {}
        self._starting = asyncio.Lock()

    async def put(self, tx: Transaction, recipient: Recipient, messages: Sequence[Outbound]) -> None:
        """Add answers for one person; they are sent in this order after the transaction."""
        for message in messages:
            await self._outbox.add(
                tx,
                channel=recipient.channel,
                address=recipient.address,
                payload=encode(message),
                order=next(self._order),
                now=self._clock(),
            )

    async def put_once(self, tx: Transaction, recipient: Recipient, message: Outbound, *, unique: str) -> bool:
        """Add a message that must never be sent twice; False when it was added before."""
        return await self._outbox.add_once(
            tx,
            unique=unique,
            channel=recipient.channel,
            address=recipient.address,
            payload=encode(message),
            order=next(self._order),
            now=self._clock(),
        )

    def wake(self) -> None:
        """Say that the outbox has something new."""
        self._wanted.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send what is due until `stop` is set; what is then under way is finished."""
        while not stop.is_set():
            self._wanted.clear()
            try:
                await self._start_due()
            except StorageError as error:
                record("outbox-delayed", level=logging.ERROR, error=type(error).__name__)
            await self._pause(stop)
        await self._finish()

    async def _pause(self, stop: asyncio.Event) -> None:
        waiters = [asyncio.create_task(self._wanted.wait()), asyncio.create_task(stop.wait())]
        await asyncio.wait(waiters, timeout=_IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for waiter in waiters:
            waiter.cancel()

    async def send_due(self) -> None:
        """Send everything that is due now: recipients side by side, each one's messages in order."""
        await self._start_due()
        await self._finish()

    async def _finish(self) -> None:
        while self._under_way:
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _start_due(self) -> None:
        async with self._starting:
            await self._start_queues()

    async def _start_queues(self) -> None:
        now = self._clock()
        async with self._database.reading() as tx:
            due = await self._outbox.due(tx, now=now)
        # What was settled while `due` was read may still be in it.
        self._settled = {item.id: self._settled[item.id] for item in due if item.id in self._settled}
        queues: dict[Recipient, list[Delivery]] = defaultdict(list)
        for delivery in sorted(due, key=lambda item: item.order):
            recipient = Recipient(delivery.channel, delivery.address)
            free = recipient not in self._under_way and self._held.get(recipient, now) <= now
            if free and delivery.channel in self._senders:
                queues[recipient].append(delivery)
        for recipient, queue in queues.items():
            self._held.pop(recipient, None)
            self._under_way[recipient] = asyncio.create_task(self._send_queue(recipient, queue))

    async def _send_queue(self, recipient: Recipient, queue: list[Delivery]) -> None:
        self._held[recipient] = self._clock() + _AFTER_A_DEFECT
        try:
            for delivery in queue:
                if not await self._send(delivery):
                    break  # a later message must not overtake this one
            else:
                del self._held[recipient]
        except StorageError as error:
            record("outbox-delayed", level=logging.ERROR, error=type(error).__name__)
            self._held[recipient] = self._clock() + timedelta(seconds=_IDLE_SECONDS)
        finally:
            del self._under_way[recipient]
            self._wanted.set()  # something may have been added for this recipient meanwhile

    async def _send(self, delivery: Delivery) -> bool:
        """Send one message unless that was done before and could not be noted; False when it must wait."""
        state = self._settled.get(delivery.id) or await self._sent(delivery)
        if state is None:
            return False
        self._settled[delivery.id] = state
        async with self._database.transaction() as tx:
            if state == _DELIVERED:
                await self._outbox.delivered(tx, delivery.id)
            else:
                await self._outbox.give_up(tx, delivery.id, state=state)
        return True

    async def _sent(self, delivery: Delivery) -> str | None:
        """Return the state a message is in after sending it; None when it was postponed."""
        message = decode(delivery.payload)
        if delivery.once and message.repeat is Repeat.FORBIDDEN:
            if delivery.begun:  # a process ended while it was sending this: it may have arrived
                record("delivery-ambiguous", level=logging.WARNING, channel=delivery.channel)
                return "ambiguous"
            async with self._database.transaction() as tx:
                await self._outbox.begin(tx, delivery.id)
        try:
            await self._senders[delivery.channel].send(delivery.address, message)
        except RecipientGoneError:
            state = "gone"
        except ChannelUnavailableError as error:
            if not error.ambiguous or message.repeat is Repeat.ALLOWED:
                await self._postpone(delivery, error.delay)
                return None
            state = "ambiguous"
        except ChannelRefusedError:
            await self._postpone(delivery, _LONGEST_WAIT.total_seconds())
            return None
        except ChannelError as error:
            record("delivery-refused", level=logging.ERROR, channel=delivery.channel, error=type(error).__name__)
            state = "gone"
        else:
            return _DELIVERED
        record(f"delivery-{state}", level=logging.WARNING, channel=delivery.channel)
        return state

    async def _postpone(self, delivery: Delivery, delay: float) -> None:
        doubled = timedelta(seconds=2 ** min(delivery.attempts, _MOST_DOUBLINGS))
        wait = max(timedelta(seconds=delay), min(doubled, _LONGEST_WAIT))
        seconds = wait.total_seconds()
        record("delivery-postponed", channel=delivery.channel, attempt=delivery.attempts + 1, seconds=seconds)
        until = self._clock() + wait
        self._held[Recipient(delivery.channel, delivery.address)] = until
        async with self._database.transaction() as tx:
            await self._outbox.postpone(tx, delivery.id, next_attempt=until)
