"""Runs what is due: releases, digests, deletions; asks the database each time and remembers nothing."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from bot.logs import record
from bot.services.announcing import Announcing
from bot.services.delivering import Delivering, Recipient
from bot.services.expiring import Expiring
from bot.services.releasing import Releasing
from bot.wording import Wording
from domain.errors import KeyMissingError, ReleaseRefusedError, SealBrokenError, ServiceError
from domain.message import Outbound
from domain.role import Role
from domain.week import Week
from storage.database import Database
from storage.people import People

_TICK_SECONDS = 30.0
_MOST_WEEKS = 13  # more due at once is a clock that went wrong: what is released cannot be taken back


class Scheduling:
    """One tick after another until it is told to stop; a failure is recorded and tried again at the next tick."""

    def __init__(
        self,
        database: Database,
        *,
        releasing: Releasing,
        announcing: Announcing,
        expiring: Expiring,
        people: People,
        delivering: Delivering,
        wording: Wording,
        tick_seconds: float = _TICK_SECONDS,
    ) -> None:
        self._database = database
        self._releasing = releasing
        self._announcing = announcing
        self._expiring = expiring
        self._people = people
        self._delivering = delivering
        self._wording = wording
        self._tick_seconds = tick_seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Do what is due, again and again, until `stop` is set."""
        while not stop.is_set():
            await self.tick()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._tick_seconds)

    async def tick(self) -> None:
        """Do once what is due; no failure of one part keeps the others from their work."""
        for name, work in (
            ("release", self._release),
            ("announce", self._announcing.announce),
            ("expire", self._expire),
        ):
            try:
                await work()
            except ServiceError as error:
                record("scheduled-work-failed", level=logging.ERROR, name=name, error=type(error).__name__)

    async def _release(self) -> None:
        await self._releasing.begin()
        await self._releasing.finish()
        due = await self._releasing.due()
        if len(due) > _MOST_WEEKS:
            await self._tell(due[0], reason="clock")
            raise ReleaseRefusedError("Too many weeks are due at once; check the clock, then run `jianfu release`.")
        for week in due:
            try:
                await self._releasing.release(week)
            except ServiceError as error:
                await self._tell(
                    week, reason="key" if isinstance(error, KeyMissingError | SealBrokenError) else "other"
                )
                raise

    async def _expire(self) -> None:
        """Do the day's work; with a clock that is probably wrong no report is past its keep-by month."""
        await self._expiring.expire_due(reports=len(await self._releasing.due()) <= _MOST_WEEKS)

    async def _tell(self, week: Week, *, reason: str) -> None:
        """Tell every administrator once that a week could not be released."""
        arguments = {"period": str(week), "reason": self._wording.say(f"notice-reason-{reason}")}
        message = Outbound(text=self._wording.say("notice-release-failed", arguments))
        async with self._database.transaction() as tx:
            for staff in await self._people.all(tx):
                if staff.role is Role.ADMINISTRATOR:
                    recipient = Recipient(staff.channel, staff.address)
                    unique = f"release-failed|{week}|{staff.id}"
                    await self._delivering.put_once(tx, recipient, message, unique=unique)
        self._delivering.wake()
