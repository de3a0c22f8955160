"""The sealed inbox: received and not yet handled."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import delete, or_, select, update

from domain.errors import SealBrokenError
from storage.database import Transaction
from storage.keys import Keys
from storage.sealing import keyed_hash, open_sealed, padded, place, seal, unpadded
from storage.tables import inbox, inbox_marks

ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Received:
    """One update as the platform sent it; `key` is the platform's own id of it, unique within `channel`."""

    id: bytes
    channel: str
    key: str = field(repr=False)
    payload: bytes = field(repr=False)


class Inbox:
    """Updates sealed under the day key, each taken in once: its mark outlives it until the day key is destroyed."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def add(self, tx: Transaction, updates: Sequence[tuple[str, str, bytes]], *, today: date) -> list[Received]:
        """Store updates (channel, key, payload) not seen before; returns those."""
        key = self._keys.day(today)
        seen = await self._seen(tx, updates)
        stored: list[Received] = []
        for channel, name, payload in updates:
            mark = _mark(key, channel, name)
            if (channel, name) in seen or not await tx.insert_new(
                inbox_marks, {"mark": mark, "day": today.isoformat()}
            ):
                continue
            stored.append(Received(secrets.token_bytes(ID_BYTES), channel, name, payload))
        await tx.insert(inbox, (_row(item, today, key) for item in stored))
        return stored

    async def waiting(self, tx: Transaction) -> list[Received]:
        """Return what is stored and neither handled nor quarantined; what cannot be opened is left out."""
        live = self._keys.live_days()
        rows = await tx.rows(select(inbox.c.id, inbox.c.day, inbox.c.sealed).where(inbox.c.quarantined.is_(False)))
        opened = (_opened(id_, sealed, live.get(date.fromisoformat(day))) for id_, day, sealed in rows)
        return [item for item in opened if item is not None]

    async def remove(self, tx: Transaction, id: bytes) -> bool:  # noqa: A002  the row's id
        """Claim an update and delete it; False when somebody handled it before."""
        return await tx.change(delete(inbox).where(inbox.c.id == id)) == 1

    async def quarantine(self, tx: Transaction, id: bytes) -> None:  # noqa: A002  the row's id
        """Set an update aside that cannot be read; it is kept until its day expires."""
        await tx.change(update(inbox).where(inbox.c.id == id).values(quarantined=True))

    async def reseal(self, tx: Transaction, *, today: date) -> int:
        """Move waiting updates sealed under an older day key to today's; returns how many."""
        live, key = self._keys.live_days(), self._keys.day(today)
        query = select(inbox.c.id, inbox.c.day, inbox.c.sealed)
        older = inbox.c.quarantined.is_(False) & (inbox.c.day != today.isoformat())
        moved = 0
        for id_, day, sealed in await tx.rows(query.where(older)):
            item = _opened(id_, sealed, live.get(date.fromisoformat(day)))
            if item is not None:
                row = _row(item, today, key)
                await tx.change(update(inbox).where(inbox.c.id == id_).values(day=row["day"], sealed=row["sealed"]))
                moved += 1
        return moved

    async def expire(self, tx: Transaction, *, before: date) -> int:
        """Delete marks and quarantined updates of days before this one, and what no key can open any more."""
        limit = before.isoformat()
        live = [day.isoformat() for day in self._keys.days()]
        dead = or_(inbox.c.quarantined.is_(True), inbox.c.day.not_in(live))
        rows = await tx.change(delete(inbox).where(inbox.c.day < limit, dead))
        return rows + await tx.change(delete(inbox_marks).where(inbox_marks.c.day < limit))

    async def _seen(self, tx: Transaction, updates: Sequence[tuple[str, str, bytes]]) -> set[tuple[str, str]]:
        """Return which updates have a mark under any live day key: midnight must not make an old one new."""
        marks = {
            _mark(key, channel, name): (channel, name)
            for key in self._keys.live_days().values()
            for channel, name, _ in updates
        }
        found = await tx.rows(select(inbox_marks.c.mark).where(inbox_marks.c.mark.in_(marks))) if marks else []
        return {marks[mark] for (mark,) in found}


def _mark(key: bytes, channel: str, name: str) -> bytes:
    return keyed_hash(key, "inbox", channel, name)


def _row(item: Received, day: date, key: bytes) -> dict[str, object]:
    head = json.dumps([item.channel, item.key]).encode()
    sealed = seal(key, padded(head + b"\n" + item.payload), at=place("inbox", item.id, "sealed"))
    return {"id": item.id, "day": day.isoformat(), "quarantined": False, "sealed": sealed}


def _opened(id_: bytes, sealed: bytes, key: bytes | None) -> Received | None:
    if key is None:
        return None
    try:
        head, _, payload = unpadded(open_sealed(key, sealed, at=place("inbox", id_, "sealed"))).partition(b"\n")
    except SealBrokenError:
        return None
    channel, name = json.loads(head)
    return Received(id_, channel, name, payload)
