"""Starts and stops what was built, in order, within five seconds of a stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from typing import Any, Protocol

from bot.channels import terminal
from bot.channels.base import Channel
from bot.channels.server import Server
from bot.conversation.dialogue import Dialogue
from bot.logs import record
from bot.services.delivering import Delivering
from bot.services.receiving import Receiving
from bot.wording import Wording
from domain.errors import ChannelRefusedError, ConfigurationError, StorageError
from domain.message import Outbound
from storage.database import Database

_GRACE_SECONDS = 3.0
_END_SECONDS = 1.5


class Scheduled(Protocol):
    """What runs by the calendar."""

    async def run(self, stop: asyncio.Event) -> None:
        """Do what is due until `stop` is set."""


class Service:
    """The running service: ends when told to stop, when its input ends, or when no channel is left."""

    def __init__(
        self,
        *,
        database: Database,
        channels: Mapping[str, Channel],
        receiving: Receiving,
        delivering: Delivering,
        dialogue: Dialogue,
        scheduling: Scheduled,
        server: Server | None,
        server_needed: bool,
        wording: Wording,
    ) -> None:
        self._database = database
        self._channels = channels
        self._receiving = receiving
        self._delivering = delivering
        self._dialogue = dialogue
        self._scheduling = scheduling
        self._server = server
        self._server_needed = server_needed
        self._wording = wording
        self._refused: list[str] = []

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set or no channel is left.

        Raises:
            ConfigurationError: the port of the webhook cannot be used.
            ChannelRefusedError: every channel was refused by its platform.
        """
        self._listen()
        halt = asyncio.Event()  # the helpers end after the channels, so that what was received is answered
        helpers = [asyncio.create_task(job) for job in self._jobs(halt)]
        await self._greet()
        await self._receiving.resume()
        channels = [asyncio.create_task(self._keep(channel, stop)) for channel in self._channels.values()]
        stopping = asyncio.create_task(stop.wait())
        try:
            await self._until_done(channels, helpers, stopping)
        finally:
            stop.set()
            await self._wind_down(channels, helpers, halt)
            stopping.cancel()
        if len(self._refused) == len(self._channels):
            raise ChannelRefusedError(self._refused[0])

    async def _until_done(
        self, channels: list[asyncio.Task[None]], helpers: list[asyncio.Task[None]], stopping: asyncio.Task[Any]
    ) -> None:
        """Wait for a stop, for the last channel, or for a failure of a helper, which is raised."""
        waiting = {stopping, *channels, *helpers}
        while not stopping.done() and not all(channel.done() for channel in channels):
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done - {stopping}:
                task.result()

    async def _keep(self, channel: Channel, stop: asyncio.Event) -> None:
        try:
            await channel.run(self._receiving.receive, stop)
        except ChannelRefusedError as error:
            record("channel-refused", level=logging.ERROR, channel=channel.name)
            self._refused.append(str(error))

    def _jobs(self, halt: asyncio.Event) -> list[Coroutine[Any, Any, None]]:
        jobs = [self._delivering.run(halt), self._scheduling.run(halt)]
        if self._server is not None:
            jobs.append(self._server.run(halt))
        return jobs

    def _listen(self) -> None:
        if self._server is None:
            return
        try:
            self._server.listen()
        except ConfigurationError:
            if self._server_needed:
                raise
            record("health-page-off", level=logging.WARNING, reason="port-taken")
            self._server = None

    async def _greet(self) -> None:
        if terminal.NAME in self._channels:
            channel = self._channels[terminal.NAME]
            await channel.send(terminal.ADDRESS, Outbound(text=self._wording.say("terminal-hello")))
        record("started", count=len(self._channels), level=logging.DEBUG if terminal.NAME in self._channels else 20)

    async def _wind_down(
        self, channels: list[asyncio.Task[None]], helpers: list[asyncio.Task[None]], halt: asyncio.Event
    ) -> None:
        _, late = await asyncio.wait(channels, timeout=_END_SECONDS)
        await self._receiving.stop(grace=_GRACE_SECONDS)
        await self._drop_draft()
        halt.set()
        _, slow = await asyncio.wait(helpers, timeout=_END_SECONDS)
        for task in late | slow:
            task.cancel()
        await asyncio.gather(*channels, *helpers, return_exceptions=True)
        await self._dialogue.finish()
        for channel in self._channels.values():
            await channel.close()

    async def _drop_draft(self) -> None:
        """At the end of a chat in the terminal its open draft is dropped, and said so."""
        if terminal.NAME not in self._channels:
            return
        try:
            if await self._dialogue.close(terminal.PERSON):
                message = Outbound(text=self._wording.say("not-submitted"))
                await self._channels[terminal.NAME].send(terminal.ADDRESS, message)
        except StorageError as error:
            record("draft-kept", level=logging.ERROR, error=type(error).__name__)
