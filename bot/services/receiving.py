"""Sealed inbox: once in, handled once; one queue a person, many people at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.logs import record
from domain.errors import InvalidEnvelopeError, StorageError
from domain.message import Inbound
from storage.database import Database, Transaction
from storage.inbox import Inbox, Received

_RETRY_SECONDS = (1.0, 5.0, 15.0, 60.0)


class Parser(Protocol):
    """Turns what a platform sent into what a person did."""

    def parse(self, key: str, payload: bytes) -> Inbound | None:
        """Return the event; None when there is nothing to answer; raises InvalidEnvelopeError."""


Handler = Callable[[bytes, Inbound], Awaitable[None]]


class Receiving:
    """Stores every update before it is acknowledged, then has it handled in the order of its person."""

    def __init__(
        self,
        database: Database,
        inbox: Inbox,
        *,
        parsers: Mapping[str, Parser],
        clock: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._database = database
        self._inbox = inbox
        self._parsers = parsers
        self._clock = clock
        self._zone = zone
        self._handler: Handler | None = None
        self._queues: dict[str, asyncio.Queue[tuple[bytes, Inbound]]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    def handle_with(self, handler: Handler) -> None:
        """Say who handles each event; called once, before anything is received."""
        self._handler = handler

    async def receive(self, updates: Sequence[tuple[str, str, bytes]]) -> None:
        """Store raw updates (channel, key, bytes); returns only when they are safe.

        Raises:
            StorageError: nothing was stored; the platform must not be told otherwise.
        """
        today = self._clock().astimezone(self._zone).date()
        async with self._database.transaction() as tx:
            fresh = await self._inbox.add(tx, updates, today=today)
        await self._dispatch(fresh)

    async def resume(self) -> int:
        """Queue what an earlier process stored and did not handle; returns how much."""
        async with self._database.reading() as tx:
            waiting = await self._inbox.waiting(tx)
        await self._dispatch(waiting)
        return len(waiting)

    async def idle(self) -> None:
        """Wait until everything queued has been handled."""
        while self._workers:
            await asyncio.gather(*self._workers.values(), return_exceptions=True)

    async def stop(self, *, grace: float) -> None:
        """Let current events finish for `grace` seconds; what is left stays in the inbox."""
        self._stopping = True
        if self._workers:
            _, late = await asyncio.wait(self._workers.values(), timeout=grace)
            for worker in late:
                worker.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _dispatch(self, received: Sequence[Received]) -> None:
        events = [(item.id, event) for item in received if (event := await self._parsed(item)) is not None]
        for id_, event in sorted(events, key=lambda pair: pair[1].order):
            self._queues.setdefault(event.person, asyncio.Queue()).put_nowait((id_, event))
            if event.person not in self._workers and not self._stopping:
                self._workers[event.person] = asyncio.create_task(self._work(event.person))

    async def _parsed(self, item: Received) -> Inbound | None:
        """Return the event of one stored update; drop what needs no answer, quarantine what cannot be read.

        What could not be dropped waits for the next start: it must not keep the updates beside it from being handled.
        """
        if item.channel not in self._parsers:
            return None  # of a channel that is switched off now; it waits
        try:
            event = self._parsers[item.channel].parse(item.key, item.payload)
        except InvalidEnvelopeError:
            record("update-quarantined", level=logging.WARNING, channel=item.channel)
            await self._put_away(self._inbox.quarantine, item.id)
            return None
        if event is None:
            await self._put_away(self._inbox.remove, item.id)
        return event

    async def _put_away(self, how: Callable[[Transaction, bytes], Awaitable[object]], id_: bytes) -> None:
        try:
            async with self._database.transaction() as tx:
                await how(tx, id_)
        except StorageError as error:
            record("handling-delayed", level=logging.ERROR, error=type(error).__name__)

    async def _work(self, person: str) -> None:
        queue = self._queues[person]
        try:
            while not queue.empty() and not self._stopping:
                id_, event = queue.get_nowait()
                await self._handle(id_, event)
        finally:
            del self._workers[person]
            if queue.empty():
                del self._queues[person]

    async def _handle(self, id_: bytes, event: Inbound) -> None:
        """Handle one event; while the database fails it stays first in its queue and is tried again."""
        if self._handler is None:
            raise RuntimeError("no handler was set")
        attempt = 0
        while not self._stopping:
            try:
                await self._handler(id_, event)
            except StorageError as error:
                record("handling-delayed", level=logging.ERROR, error=type(error).__name__, attempt=attempt + 1)
                await asyncio.sleep(_RETRY_SECONDS[min(attempt, len(_RETRY_SECONDS) - 1)])
                attempt += 1
            else:
                return
