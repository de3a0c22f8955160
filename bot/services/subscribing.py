"""Invitations and roles."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime, timedelta

from domain.errors import InvitationError, UnknownRegionError
from domain.receipt import ALPHABET
from domain.region import RegionTree
from domain.role import Role, Staff
from storage.database import Database, Transaction
from storage.outbox import Outbox
from storage.people import People

VALID_DAYS = 14
_SYMBOLS = 16  # 79 bits: an invitation lives two weeks and is used once


class Subscribing:
    """Makes people supervisors or administrators by one-time invitation."""

    def __init__(self, database: Database, people: People, tree: RegionTree, outbox: Outbox) -> None:
        self._database = database
        self._people = people
        self._tree = tree
        self._outbox = outbox

    async def invite(self, role: Role, region: str | None, *, now: datetime) -> str:
        """Return a new one-time code; only its hash is kept.

        Raises:
            UnknownRegionError: there is no such region.
        """
        place = region or self._tree.root.id
        if place not in self._tree.by_id:
            raise UnknownRegionError(f"There is no region {place!r}; [[regions]] in the configuration lists them.")
        code = "".join(secrets.choice(ALPHABET) for _ in range(_SYMBOLS))
        async with self._database.transaction() as tx:
            await self._people.invite(tx, code=code, role=role, region=place, expires=now + timedelta(days=VALID_DAYS))
        return "-".join(code[start : start + 4] for start in range(0, _SYMBOLS, 4))

    async def join(
        self, tx: Transaction, typed: str, *, channel: str, person: str, address: str, now: datetime
    ) -> Staff:
        """Make the account staff.

        Raises:
            InvitationError: the code is unknown, used or out of date.
        """
        plain = unicodedata.normalize("NFKC", typed).upper()
        code = "".join(symbol for symbol in plain if symbol in ALPHABET)
        staff = await self._people.join(tx, code=code, channel=channel, person=person, address=address, now=now)
        if staff is None:
            raise InvitationError
        return staff

    async def people(self) -> list[Staff]:
        """Return everybody who joined."""
        async with self._database.reading() as tx:
            return await self._people.all(tx)

    async def revoke(self, staff_id: str) -> bool:
        """Remove somebody, and the digests on their way to them; False when there is nobody of this id."""
        async with self._database.transaction() as tx:
            for staff in await self._people.all(tx):
                if staff.id == staff_id.lower():
                    await self._outbox.recall(tx, channel=staff.channel, address=staff.address)
            return await self._people.revoke(tx, staff_id)
