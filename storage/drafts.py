"""Drafts: what a person has open, for 24 hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from domain.errors import SealBrokenError
from storage.database import Transaction
from storage.keys import Keys
from storage.sealing import keyed_hash, open_sealed, padded, place, seal, unpadded
from storage.tables import drafts

LIFE: Final = timedelta(hours=24)
_TIME_BYTES: Final = 8


class Drafts:
    """One draft a person, under HMAC(day key, person) and sealed under the same day key."""

    def __init__(self, keys: Keys, zone: ZoneInfo) -> None:
        self._keys = keys
        self._zone = zone

    async def load(self, tx: Transaction, person: str, *, now: datetime) -> bytes | None:
        """Return the open draft; None when there is none, or it is older than 24 hours.

        Raises:
            SealBrokenError: the row was changed.
        """
        live = self._ids(person)
        rows = await tx.rows(select(drafts.c.id, drafts.c.sealed).where(drafts.c.id.in_(live))) if live else []
        saved = [_opened(live[id_], id_, sealed) for id_, sealed in rows]
        fresh = [(time, payload) for time, payload in saved if not _over(time, now)]
        return max(fresh)[1] if fresh else None

    async def save(self, tx: Transaction, person: str, payload: bytes, *, now: datetime) -> None:
        """Keep a draft in place of what the person had."""
        day = now.astimezone(self._zone).date()
        key = self._keys.day(day)
        id_ = _id(key, person)
        older = [other for other in self._ids(person) if other != id_]
        if older:
            await tx.change(delete(drafts).where(drafts.c.id.in_(older)))
        plain = int(now.timestamp()).to_bytes(_TIME_BYTES) + payload
        sealed = seal(key, padded(plain), at=place("drafts", id_, "sealed"))
        await tx.put(drafts, {"id": id_, "day": day.isoformat(), "sealed": sealed}, key="id")

    async def remove(self, tx: Transaction, person: str, *, now: datetime) -> None:  # noqa: ARG002  as `save`
        """Delete what the person has open."""
        live = self._ids(person)
        if live:
            await tx.change(delete(drafts).where(drafts.c.id.in_(live)))

    async def expire(self, tx: Transaction, *, now: datetime) -> int:
        """Delete drafts older than 24 hours, and what no key can open any more; returns how many."""
        live = self._keys.live_days()
        dead = [
            id_
            for id_, day, sealed in await tx.rows(select(drafts.c.id, drafts.c.day, drafts.c.sealed))
            if _is_dead(live.get(date.fromisoformat(day)), id_, sealed, now)
        ]
        for id_ in dead:
            await tx.change(delete(drafts).where(drafts.c.id == id_))
        return len(dead)

    def _ids(self, person: str) -> dict[bytes, bytes]:
        """Return the ids a person's draft may have, each with the key that opens it."""
        return {_id(key, person): key for key in self._keys.live_days().values()}


def _id(key: bytes, person: str) -> bytes:
    return keyed_hash(key, "draft", person)


def _opened(key: bytes, id_: bytes, sealed: bytes) -> tuple[int, bytes]:
    plain = unpadded(open_sealed(key, sealed, at=place("drafts", id_, "sealed")))
    return int.from_bytes(plain[:_TIME_BYTES]), plain[_TIME_BYTES:]


def _over(saved: int, now: datetime) -> bool:
    return now.timestamp() >= saved + LIFE.total_seconds()


def _is_dead(key: bytes | None, id_: bytes, sealed: bytes, now: datetime) -> bool:
    if key is None:
        return True
    try:
        return _over(_opened(key, id_, sealed)[0], now)
    except SealBrokenError:
        return True
