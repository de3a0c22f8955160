"""How fast one channel may send: overall, and into one chat."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

_CHATS_KEPT = 1000


class Pacer:
    """Spaces messages evenly; a chat that waits for its own turn does not hold up the others."""

    def __init__(
        self,
        *,
        per_second: float,
        per_chat_per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gap = 1 / per_second
        self._chat_gap = 1 / per_chat_per_second
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0
        self._next_in: dict[str, float] = {}

    async def turn(self, chat: str) -> None:
        """Wait until one more message may go into this chat."""
        self._forget()
        slot = max(self._clock(), self._next_in.get(chat, 0.0))
        self._next_in[chat] = slot + self._chat_gap
        await self._until(slot)
        slot = max(self._clock(), self._next)
        self._next = slot + self._gap
        self._next_in[chat] = max(self._next_in.get(chat, 0.0), slot + self._chat_gap)
        await self._until(slot)

    async def _until(self, moment: float) -> None:
        if (wait := moment - self._clock()) > 0:
            await self._sleep(wait)

    def _forget(self) -> None:
        """Drop the chats whose turn is free again: an address must not stay in memory without need."""
        if len(self._next_in) >= _CHATS_KEPT:
            now = self._clock()
            self._next_in = {chat: moment for chat, moment in self._next_in.items() if moment > now}
