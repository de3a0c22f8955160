"""Own getUpdates loop: every update is in the inbox before the next offset is asked for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.base import ChannelHeldError, Condition, Receive, pause, until_answered
from bot.channels.telegram_api import BotApi
from bot.channels.telegram_parsing import inbox_entry, update_number
from bot.logs import record
from domain.errors import StorageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """All waits, in seconds: a long poll, any other call, and pauses after failures (the last of `pauses` repeats)."""

    poll: int = 30
    request: float = 15.0
    pauses: tuple[float, ...] = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
    conflict: float = 15.0
    storage: float = 2.0


class Polling:
    """Fetches updates; asking for a higher offset is what confirms them, so it comes after storing.

    The offset is not kept across starts: Telegram repeats what was not confirmed, and the inbox drops what it has.
    """

    def __init__(self, api: BotApi, condition: Condition, timings: Timings) -> None:
        self._api = api
        self._condition = condition
        self._timings = timings
        self._offset: int | None = None

    async def run(self, receive: Receive, stop: asyncio.Event) -> None:
        """Fetch and store for ever.

        Raises:
            StoppedError: `stop` was set.
            ChannelRefusedError: Telegram refuses the token.
        """
        await until_answered(
            self._api.delete_webhook, stop=stop, pauses=self._timings.pauses, condition=self._condition
        )
        while True:
            updates = await until_answered(
                self._fetch, stop=stop, pauses=self._timings.pauses, condition=self._condition
            )
            if updates:
                await self._store(updates, receive, stop)

    async def _fetch(self) -> list[object]:
        try:
            return await self._api.updates(offset=self._offset, wait=self._timings.poll)
        except ChannelHeldError as error:
            if error.word == "conflict":
                # Another program polls with this token: which of the two gets an update is chance.
                record("polling-conflict", level=logging.ERROR, channel=self._condition.channel)
                error.delay = self._timings.conflict
            raise

    async def _store(self, updates: Sequence[object], receive: Receive, stop: asyncio.Event) -> None:
        entries = [inbox_entry(update) for update in updates]
        while True:
            try:
                await receive(entries)
            except StorageError as error:
                self._condition.down("storage")
                record("updates-not-stored", level=logging.ERROR, error=type(error).__name__, count=len(entries))
                await pause(stop, self._timings.storage)
            else:
                break
        numbers = [number for update in updates if (number := update_number(update)) is not None]
        if numbers:
            self._offset = max(numbers) + 1
        else:
            await pause(stop, self._timings.pauses[-1])  # nothing in this batch can be confirmed
