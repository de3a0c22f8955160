"""People who joined by invitation: supervisors and administrators."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from domain.role import Role, Staff
from storage.database import Transaction
from storage.keys import Keys
from storage.sealing import keyed_hash, open_sealed, padded, place, seal, unpadded
from storage.tables import invitations, people

_ID_BYTES: Final = 6  # typed by the operator to revoke; unique among a few hundred people


class People:
    """Staff sealed under the master key, found by a keyed hash; invitations are kept as keyed hashes."""

    def __init__(self, keys: Keys) -> None:
        self._seal_key = keys.derived("people")
        self._person_key = keys.derived("person marks")
        self._code_key = keys.derived("invitations")

    async def invite(self, tx: Transaction, *, code: str, role: Role, region: str, expires: datetime) -> None:
        """Remember an invitation; raises DuplicateError when the code is in use."""
        mark = keyed_hash(self._code_key, code)
        plain = padded(json.dumps([role, region]).encode())
        sealed = seal(self._seal_key, plain, at=place("invitations", mark, "sealed"))
        await tx.insert(invitations, [{"mark": mark, "expires": int(expires.timestamp()), "sealed": sealed}])

    async def join(
        self, tx: Transaction, *, code: str, channel: str, person: str, address: str, now: datetime
    ) -> Staff | None:
        """Use an invitation up and make the person staff; None when it is unknown, used or out of date.

        A person who joins again keeps the id and gets the new role and region.
        """
        await tx.change(delete(invitations).where(invitations.c.expires <= int(now.timestamp())))
        mark = keyed_hash(self._code_key, code)
        # Deleting is the claim: of two that join at once, one gets the row.
        row = await tx.first(delete(invitations).where(invitations.c.mark == mark).returning(invitations.c.sealed))
        if row is None:
            return None
        plain = open_sealed(self._seal_key, row.sealed, at=place("invitations", mark, "sealed"))
        role, region = json.loads(unpadded(plain))
        known = await self.find(tx, person)
        staff = Staff(
            id=known.id if known else secrets.token_hex(_ID_BYTES),
            role=Role(role),
            region=region,
            channel=channel,
            person=person,
            address=address,
        )
        await tx.put(people, self._row(staff), key="id")
        return staff

    async def find(self, tx: Transaction, person: str) -> Staff | None:
        """Return the staff member with this person key."""
        query = select(people.c.id, people.c.sealed).where(people.c.mark == self._mark(person))
        row = await tx.first(query)
        return None if row is None else self._opened(row.id, row.sealed)

    async def all(self, tx: Transaction) -> list[Staff]:
        """Return everybody, by role, region and id."""
        rows = await tx.rows(select(people.c.id, people.c.sealed))
        staff = [self._opened(id_, sealed) for id_, sealed in rows]
        return sorted(staff, key=lambda one: (one.role, one.region, one.id))

    async def revoke(self, tx: Transaction, staff_id: str) -> bool:
        """Remove somebody; False when there is nobody of this id."""
        try:
            id_ = bytes.fromhex(staff_id)
        except ValueError:
            return False
        return await tx.change(delete(people).where(people.c.id == id_)) == 1

    def _mark(self, person: str) -> bytes:
        return keyed_hash(self._person_key, person)

    def _row(self, staff: Staff) -> dict[str, object]:
        id_ = bytes.fromhex(staff.id)
        values = [staff.role, staff.region, staff.channel, staff.person, staff.address]
        sealed = seal(self._seal_key, padded(json.dumps(values).encode()), at=place("people", id_, "sealed"))
        return {"id": id_, "mark": self._mark(staff.person), "sealed": sealed}

    def _opened(self, id_: bytes, sealed: bytes) -> Staff:
        plain = unpadded(open_sealed(self._seal_key, sealed, at=place("people", id_, "sealed")))
        role, region, channel, person, address = json.loads(plain)
        return Staff(id=id_.hex(), role=Role(role), region=region, channel=channel, person=person, address=address)
