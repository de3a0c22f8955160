"""Deletes what is past its keep-by date, destroys old day keys, and rewrites new rows in random order."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.logs import record
from storage.database import Database
from storage.drafts import Drafts
from storage.imports import Imports
from storage.inbox import Inbox
from storage.keys import Keys
from storage.outbox import Outbox
from storage.reports import Reports
from storage.slips import Slips

# A day key lives 48 hours at most; a margin, since ticks and transactions take time.
_DAY_KEY_LIFE = timedelta(hours=48) - timedelta(minutes=5)
_DRAFTS_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The collections something expires from."""

    inbox: Inbox
    drafts: Drafts
    outbox: Outbox
    reports: Reports
    slips: Slips
    imports: Imports


class Expiring:
    """Does the day's work once a day, and destroys day keys when their time has come; twice is harmless."""

    def __init__(
        self, database: Database, *, keys: Keys, kept: Kept, zone: ZoneInfo, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._keys = keys
        self._kept = kept
        self._zone = zone
        self._clock = clock
        self._done: date | None = None
        self._dropped: datetime | None = None
        self._unscrubbed = False

    async def expire_due(self, *, reports: bool = True) -> None:
        """Do what is due now: at the first call of a local day everything, otherwise old keys and the log.

        The write-ahead log is emptied at every call: it keeps the order of all that was written since the last time,
        and so which report came with which slip and which two came from one draft. Without `reports` nothing is
        deleted that was kept for months, for a clock that may be wrong.
        """
        if self._done != self._today():
            await self.expire(reports=reports)
        elif self._old_days():
            await self._destroy_old_days()
        else:
            await self._drop_old_drafts()
            await self._scrub()

    async def expire(self, *, reports: bool = True) -> None:
        """Do the whole day's work now; nothing depends on when it was done last.

        Raises:
            StorageError: the database or the key folder failed; the next call does what is left.
        """
        today = self._today()
        month = f"{today:%Y-%m}"
        if reports:
            async with self._database.transaction() as tx:
                await self._kept.reports.expire(tx, month=month)
                await self._kept.imports.expire(tx, month=month)
        # How many went and how many are new is logged nowhere: exact numbers are nobody's business.
        async with self._database.transaction() as tx:
            await self._kept.reports.shuffle(tx)
        async with self._database.transaction() as tx:
            await self._kept.slips.shuffle(tx)
        await self._destroy_old_days()
        self._done = today
        record("expired")

    async def _drop_old_drafts(self) -> None:
        """Delete drafts of more than 24 hours, once an hour: every one must be opened for that."""
        now = self._clock()
        if self._dropped is not None and self._dropped <= now < self._dropped + _DRAFTS_EVERY:
            return
        async with self._database.transaction() as tx:
            await self._kept.drafts.expire(tx, now=now)
        self._dropped = now

    async def _destroy_old_days(self) -> None:
        """Move what still waits to today's key, then destroy the old ones: what is left under them is gone."""
        now, old = self._clock(), self._old_days()
        first_kept = max((day for day in old if day <= self._today()), default=date.min) + timedelta(days=1)
        async with self._database.transaction() as tx:
            await self._kept.drafts.expire(tx, now=now)
            if old:
                await self._kept.inbox.reseal(tx, today=self._today())
                await self._kept.outbox.reseal(tx, now=now)
                await self._kept.inbox.expire(tx, before=first_kept)
        for day in old:
            self._keys.destroy_day(day)
        if old:
            record("day-keys-destroyed", count=len(old))
        await self._scrub()

    async def _scrub(self) -> None:
        before, self._unscrubbed = self._unscrubbed, not await self._database.scrub()
        if self._unscrubbed and not before:
            record("scrub-busy", level=logging.WARNING)

    def _today(self) -> date:
        return self._clock().astimezone(self._zone).date()

    def _old_days(self) -> list[date]:
        """Return the days whose keys lived long enough, and those a clock that was wrong has made ahead of time."""
        now, tomorrow = self._clock(), self._today() + timedelta(days=1)
        begins = {day: datetime.combine(day, time(), tzinfo=self._zone).astimezone(UTC) for day in self._keys.days()}
        return [day for day, begin in begins.items() if begin + _DAY_KEY_LIFE <= now or day > tomorrow]
