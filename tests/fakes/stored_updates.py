"""A place where updates are stored, patience, and a channel that runs for the length of a block."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.base import Channel
from domain.errors import StorageError
from domain.message import Inbound


@dataclass
class Stored:
    """Keeps what a channel hands over; fails first as often as it is told."""

    failures: int = 0
    entries: list[tuple[str, str, bytes]] = field(default_factory=list)
    calls: int = 0

    async def receive(self, updates: Sequence[tuple[str, str, bytes]]) -> None:
        """Store all or nothing."""
        self.calls += 1
        if self.failures:
            self.failures -= 1
            raise StorageError
        self.entries.extend(updates)

    @property
    def keys(self) -> list[str]:
        """The keys in the order of arrival."""
        return [key for _, key, _ in self.entries]


async def until(true: Callable[[], Any], *, seconds: float = 5) -> None:
    """Wait for something to become true; fails the test when it does not."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def running(channel: Channel, stored: Stored) -> AsyncIterator[asyncio.Task[None]]:
    """Run a channel for the length of a block; what `run` raises surfaces at its end."""
    stop = asyncio.Event()
    task = asyncio.create_task(channel.run(stored.receive, stop))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, 5)


def parsed(channel: Channel, stored: Stored) -> list[Inbound | None]:
    """Return everything stored as what people did."""
    return [channel.parse(key, payload) for _, key, payload in stored.entries]
