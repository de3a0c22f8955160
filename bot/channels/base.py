"""Channel: what every platform adapter offers, and what each can do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol, TypeVar

from bot.logs import record
from domain.errors import ChannelUnavailableError
from domain.message import Inbound, Outbound

_Answer = TypeVar("_Answer")

Receive = Callable[[Sequence[tuple[str, str, bytes]]], Awaitable[None]]
"""Stores raw updates (channel, key, bytes) and returns when they are safe; raises StorageError."""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a channel works now, and one word why."""

    up: bool
    word: str


class Channel(Protocol):
    """One platform: fetches what people do, and brings answers to them."""

    @property
    def name(self) -> str:
        """The word in person keys, the inbox and the outbox."""

    @property
    def health(self) -> Health:
        """The state for /healthz."""

    def parse(self, key: str, payload: bytes) -> Inbound | None:
        """Return what a person did; None when there is nothing to answer.

        Raises:
            InvalidEnvelopeError: the update cannot be read.
        """

    async def send(self, address: str, message: Outbound) -> None:
        """Deliver one message whole; raises the branches of ChannelError."""

    async def acknowledge(self, inbound: Inbound) -> None:
        """Answer a button press at once; raises ChannelError."""

    async def settle(self, inbound: Inbound) -> None:
        """Take the pressed buttons away; raises ChannelError."""

    async def run(self, receive: Receive, stop: asyncio.Event) -> None:
        """Fetch until `stop` is set, or the input has ended.

        Raises:
            ChannelRefusedError: the platform refuses the credentials for good.
        """

    async def close(self) -> None:
        """Let go of connections; nothing is sent afterwards."""


class StoppedError(Exception):
    """`stop` was set before the work ended."""


class Condition:
    """Keeps the health of one channel and, unless it is `quiet`, logs each change once."""

    def __init__(self, channel: str, *, quiet: bool = False) -> None:
        self.channel = channel
        self._quiet = quiet
        self.health = Health(up=False, word="starting")

    def up(self) -> None:
        """Say that the channel works."""
        if not (self.health.up or self._quiet):
            record("channel-up", channel=self.channel)
        self.health = Health(up=True, word="up")

    def down(self, word: str) -> None:
        """Say that the channel does not work, and why in one word."""
        if self.health.word != word and not self._quiet:
            record("channel-down", level=logging.ERROR, channel=self.channel, reason=word)
        self.health = Health(up=False, word=word)


async def unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, _Answer]) -> _Answer:
    """Return what `work` returns; cancel it as soon as `stop` is set.

    Raises:
        StoppedError: `stop` was set first.
    """
    task = asyncio.ensure_future(work)
    waiter = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((task, waiter), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise StoppedError
        return task.result()
    finally:
        task.cancel()
        waiter.cancel()
        await asyncio.gather(task, waiter, return_exceptions=True)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not longer than until `stop` is set; raises StoppedError then."""
    await unless_stopped(stop, asyncio.sleep(seconds))


async def until_answered(
    call: Callable[[], Coroutine[Any, Any, _Answer]],
    *,
    stop: asyncio.Event,
    pauses: Sequence[float],
    condition: Condition,
) -> _Answer:
    """Repeat `call` for ever while the platform cannot be reached, with growing pauses or the ones it asks for.

    Raises:
        StoppedError: `stop` was set first.
        ChannelError: any failure that repeating does not cure.
    """
    for attempt in count():
        try:
            answer = await unless_stopped(stop, call())
        except ChannelUnavailableError as error:
            seconds = max(error.delay, pauses[min(attempt, len(pauses) - 1)])
            condition.down(error.word if isinstance(error, ChannelHeldError) else "unreachable")
            record(
                "channel-retry", level=logging.WARNING, channel=condition.channel, attempt=attempt + 1, seconds=seconds
            )
            await pause(stop, seconds)
        else:
            condition.up()
            return answer
    raise AssertionError


class ChannelHeldError(ChannelUnavailableError):
    """The platform answers, but not now; `word` says why."""

    def __init__(self, word: str, *, delay: float) -> None:
        super().__init__(delay=delay)
        self.word = word
