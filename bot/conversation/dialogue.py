"""Runs the flow for each message and calls services: one message, one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.conversation.acting import Acting
from bot.conversation.command_words import as_command
from bot.conversation.pacing import Pace
from bot.conversation.reporter import Conversation
from bot.conversation.step import Idle, Step, decode, encode, is_open
from bot.conversation.turn import Chose, Commanded, Event, Examine, Noticed, Turn, Wrote
from bot.logs import record
from bot.services.delivering import Delivering, Recipient
from domain.errors import ChannelError, StorageError
from domain.message import Inbound, InboundKind, Outbound
from storage.database import Database, Transaction
from storage.drafts import Drafts
from storage.inbox import Inbox

_MINUTE = timedelta(minutes=1)


class Courtesies(Protocol):
    """What a channel does around an answer, best effort."""

    async def acknowledge(self, inbound: Inbound) -> None:
        """Answer a button press at once."""

    async def settle(self, inbound: Inbound) -> None:
        """Take the pressed buttons away."""


@dataclass(slots=True)
class _Course:
    """One message on its way through the flow."""

    step: Step
    replies: list[Outbound] = field(default_factory=list)


class Dialogue:
    """Handles one message of one person: every effect is in one transaction with the claim on the inbox."""

    def __init__(
        self,
        *,
        database: Database,
        inbox: Inbox,
        drafts: Drafts,
        delivering: Delivering,
        conversation: Conversation,
        acting: Acting,
        channels: Mapping[str, Courtesies],
        clock: Callable[[], datetime],
        apology: Outbound,
        slow_down: Outbound,
        messages_per_minute: int,
    ) -> None:
        self._database = database
        self._inbox = inbox
        self._drafts = drafts
        self._delivering = delivering
        self._conversation = conversation
        self._acting = acting
        self._channels = channels
        self._clock = clock
        self._apology = apology
        self._slow_down = slow_down
        self._pace = Pace(most=messages_per_minute, window=_MINUTE)
        self._warnings = Pace(most=1, window=_MINUTE)
        self._groups = Pace(most=1, window=timedelta(hours=1))
        self._courtesies: set[asyncio.Task[None]] = set()

    async def handle(self, id_: bytes, inbound: Inbound) -> None:
        """Handle one stored event; handled before, it does nothing.

        Raises:
            StorageError: nothing was changed; the event stays in the inbox.
        """
        if inbound.kind is InboundKind.CHOICE:
            self._politely(self._channels[inbound.channel].acknowledge(inbound))
        if not self._pace.allows(inbound.person, self._clock(), once=inbound.key):
            first = self._warnings.allows(inbound.person, self._clock(), once=inbound.key)
            await self._answer(id_, inbound, [self._slow_down] if first else [])
            return
        try:
            await self._run(id_, inbound)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  one odd message must neither stop the service nor leave a traceback
            record("handling-failed", level=logging.ERROR, channel=inbound.channel, error=type(error).__name__)
            await self._answer(id_, inbound, [self._apology])
        else:
            if inbound.kind is InboundKind.CHOICE:
                self._politely(self._channels[inbound.channel].settle(inbound))

    async def close(self, person: str) -> bool:
        """Drop the open draft of somebody who left; True if there was one."""
        now = self._clock()
        async with self._database.transaction() as tx:
            payload = await self._drafts.load(tx, person, now=now)
            await self._drafts.remove(tx, person, now=now)
        return is_open(_step_in(payload))

    async def finish(self) -> None:
        """Wait for courtesies under way."""
        await asyncio.gather(*self._courtesies, return_exceptions=True)

    # ---- one message ----

    async def _run(self, id_: bytes, inbound: Inbound) -> None:
        now = self._clock()
        if inbound.kind is InboundKind.ELSEWHERE:
            first = self._groups.allows(inbound.address, now, once=inbound.key)
            await self._answer(id_, inbound, [self._say("private-only")] if first else [])
            return
        async with self._database.reading() as tx:
            payload = await self._drafts.load(tx, inbound.person, now=now)
        course = _Course(_step_in(payload))
        pending = None
        for event in _events(inbound):
            pending = self._advance(course, event)
        async with self._database.transaction() as tx:
            if not await self._inbox.remove(tx, id_):
                return
            await self._complete(tx, inbound, course, pending)
            if inbound.kind is InboundKind.BLOCKED:
                course.step = Idle()
            await self._keep(tx, inbound.person, course.step, had_one=payload is not None)
            await self._delivering.put(tx, Recipient(inbound.channel, inbound.address), course.replies)
        self._delivering.wake()

    def _advance(self, course: _Course, event: Event) -> Turn | None:
        """Run the flow as far as it goes without the database; returns the turn that needs it."""
        turn = self._conversation.advance(course.step, event)
        while True:
            course.step = turn.step
            course.replies.extend(turn.replies)
            if not isinstance(turn.action, Examine):
                return turn if turn.action is not None else None
            turn = self._conversation.advance(turn.step, self._acting.examine(turn.action))

    async def _complete(self, tx: Transaction, inbound: Inbound, course: _Course, pending: Turn | None) -> None:
        while pending is not None and pending.action is not None:
            outcome = await self._acting.act(tx, inbound, pending.action)
            pending = self._advance(course, outcome)

    async def _keep(self, tx: Transaction, person: str, step: Step, *, had_one: bool) -> None:
        if step != Idle():
            await self._drafts.save(tx, person, encode(step), now=self._clock())
        elif had_one:
            await self._drafts.remove(tx, person, now=self._clock())

    async def _answer(self, id_: bytes, inbound: Inbound, messages: list[Outbound]) -> None:
        """Answer without the flow; what the person had open stays as it is."""
        async with self._database.transaction() as tx:
            if await self._inbox.remove(tx, id_):
                await self._delivering.put(tx, Recipient(inbound.channel, inbound.address), messages)
        self._delivering.wake()

    def _say(self, key: str) -> Outbound:
        return self._conversation.advance(Idle(), Noticed(key)).replies[0]

    def _politely(self, courtesy: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_best_effort(courtesy))
        self._courtesies.add(task)
        task.add_done_callback(self._courtesies.discard)


async def _best_effort(courtesy: Coroutine[Any, Any, None]) -> None:
    try:
        await courtesy
    except ChannelError as error:
        record("courtesy-failed", error=type(error).__name__)


def _step_in(payload: bytes | None) -> Step:
    """Return the step a person was in; what an older version wrote and this one cannot read counts as nothing open."""
    if payload is None:
        return Idle()
    try:
        return decode(payload)
    except ValueError:
        record("draft-unreadable", level=logging.WARNING)
        return Idle()


def _events(inbound: Inbound) -> list[Event]:
    match inbound.kind:
        case InboundKind.TEXT:
            return [as_command(inbound.text) or Wrote(inbound.text)]
        case InboundKind.COMMAND:
            return [as_command(inbound.text) or Commanded(inbound.command, inbound.text.strip())]
        case InboundKind.CHOICE:
            return [Chose(inbound.choice)]
        case InboundKind.UNSUPPORTED:
            caption: list[Event] = [as_command(inbound.text) or Wrote(inbound.text)] if inbound.text.strip() else []
            return [Noticed("unsupported"), *caption]
        case InboundKind.EDITED:
            return [Noticed("edited")]
    return []
