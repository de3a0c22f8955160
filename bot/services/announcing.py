"""Puts the digests of released weeks into the outbox, once for each supervisor."""

from __future__ import annotations

import logging

from bot.logs import record
from bot.services.counting import Counting
from bot.services.delivering import Delivering, Recipient
from domain.message import Outbound
from domain.role import Role
from domain.week import Week
from storage.database import Database, Transaction
from storage.people import People
from storage.releases import Releases


class Announcing:
    """Announces each released week once, in order, to the supervisors of that moment.

    Who joins later gets the weeks released afterwards; the earlier ones are a /digest away. That a week was announced,
    or withheld because it did not pass the gate, is remembered in the transaction that does it: so nothing is lost or
    doubled by a kill, and a gate or setting that comes later does not send old weeks.
    """

    def __init__(
        self,
        database: Database,
        *,
        releases: Releases,
        people: People,
        delivering: Delivering,
        counting: Counting,
        push_without_gate: bool,
    ) -> None:
        self._database = database
        self._releases = releases
        self._people = people
        self._delivering = delivering
        self._counting = counting
        self._push_without_gate = push_without_gate

    async def announce(self) -> int:
        """Announce every released week that was not; returns how many digests were put into the outbox."""
        async with self._database.reading() as tx:
            released = await self._counting.weeks(tx)
            done = await self._releases.announced(tx)
        put = 0
        for week in released:
            if str(week) not in done:
                async with self._database.transaction() as tx:
                    put += await self._announce(tx, week)
        if put:
            self._delivering.wake()
        return put

    async def _announce(self, tx: Transaction, week: Week) -> int:
        if not await self._releases.announce(tx, str(week)):
            return 0
        releases = await self._counting.released(tx, week)
        if not (self._push_without_gate or all(release.gated for release in releases)):
            record("digest-withheld", level=logging.WARNING, period=str(week), reason="not gated")
            return 0
        put = 0
        for staff in await self._people.all(tx):
            if staff.role is not Role.SUPERVISOR:
                continue
            message = Outbound(text=await self._counting.digest_text(tx, week, staff.region))
            recipient = Recipient(staff.channel, staff.address)
            put += await self._delivering.put_once(tx, recipient, message, unique=f"digest|{week}|{staff.id}")
        record("digests-announced", period=str(week), count=put)
        return put
