"""The sealed outbox: to be sent and not yet delivered."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update

from domain.errors import SealBrokenError
from storage.database import Transaction
from storage.keys import Keys
from storage.sealing import keyed_hash, open_sealed, padded, place, seal, unpadded
from storage.tables import outbox, outbox_marks

STATES: Final = ("waiting", "delivered", "gone", "ambiguous")
_ID_BYTES: Final = 16
_ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one address; `order` sorts the messages of an address, `attempts` counts failed sends.

    `once` says that it came by `add_once`, `begun` that it was being sent when its process ended.
    """

    id: bytes
    channel: str
    address: str = field(repr=False)
    payload: bytes = field(repr=False)
    order: int
    attempts: int
    once: bool = False
    begun: bool = False


@dataclass(frozen=True, slots=True)
class _Head:
    """All about a message but its content; sealed apart, so that postponing does not touch the content."""

    channel: str
    address: str
    order: int
    attempts: int
    next_attempt: float  # seconds since 1970
    begun: bool = False

    def sealed(self, key: bytes, id_: bytes) -> bytes:
        values = [self.channel, self.address, self.order, self.attempts, self.next_attempt, self.begun]
        return seal(key, padded(json.dumps(values).encode()), at=place("outbox", id_, "head"))


class Outbox:
    """Messages sealed under the day key; in clear a row has a random id and the name of its key.

    One process delivers at a time, the one that holds the lease (`storage/lease.py`), on PostgreSQL as well: so rows
    are listed without being claimed.
    """

    def __init__(self, keys: Keys, zone: ZoneInfo) -> None:
        self._keys = keys
        self._zone = zone
        self._marks = keys.derived("outbox marks")

    async def add(
        self, tx: Transaction, *, channel: str, address: str, payload: bytes, order: int, now: datetime
    ) -> None:
        """Add a message that is due now."""
        await self._add(tx, _Head(channel, address, order, 0, now.timestamp()), payload, now=now, mark=None)

    async def add_once(
        self, tx: Transaction, *, unique: str, channel: str, address: str, payload: bytes, order: int, now: datetime
    ) -> bool:
        """Add a message unless one was ever added under this name; False when it was."""
        mark = keyed_hash(self._marks, unique)
        if not await tx.insert_new(outbox_marks, {"mark": mark, "state": "waiting"}):
            return False
        await self._add(tx, _Head(channel, address, order, 0, now.timestamp()), payload, now=now, mark=mark)
        return True

    async def due(self, tx: Transaction, *, now: datetime) -> list[Delivery]:
        """Return what may be sent now, by order: all messages of each address whose first one is due.

        An address whose first message is postponed is left out whole, so that nothing overtakes it. What cannot be
        opened is left out.
        """
        live = self._keys.live_days()
        queues: dict[tuple[str, str], list[tuple[_Head, bytes, bytes]]] = defaultdict(list)
        for id_, day, head in await tx.rows(select(outbox.c.id, outbox.c.day, outbox.c.head)):
            key = live.get(date.fromisoformat(day))
            opened = None if key is None else _opened_head(key, id_, head)
            if key is not None and opened is not None:
                queues[opened.channel, opened.address].append((opened, id_, key))
        ready: dict[bytes, tuple[_Head, bytes]] = {}
        for queue in queues.values():
            if min(queue, key=lambda item: item[0].order)[0].next_attempt <= now.timestamp():
                ready.update({id_: (head, key) for head, id_, key in queue})
        return sorted(await self._with_content(tx, ready), key=lambda delivery: delivery.order)

    async def delivered(self, tx: Transaction, id: bytes) -> None:  # noqa: A002  the row's id
        """Delete a message that arrived."""
        await self._settle(tx, id, state="delivered")

    async def give_up(self, tx: Transaction, id: bytes, *, state: str) -> None:  # noqa: A002  the row's id
        """Delete a message that will not be sent again; `state` is "gone" or "ambiguous"."""
        await self._settle(tx, id, state=state)

    async def begin(self, tx: Transaction, id: bytes) -> None:  # noqa: A002  the row's id
        """Note that a message is being sent: who finds it so after a kill cannot know whether it arrived."""
        await self._change(tx, id, lambda head: replace(head, begun=True))

    async def postpone(self, tx: Transaction, id: bytes, *, next_attempt: datetime) -> None:  # noqa: A002  the row's id
        """Count a failed attempt and say when the next one is due."""
        until = next_attempt.timestamp()
        await self._change(
            tx, id, lambda head: replace(head, attempts=head.attempts + 1, next_attempt=until, begun=False)
        )

    async def recall(self, tx: Transaction, *, channel: str, address: str) -> int:
        """Delete what `add_once` put in for an address and was not delivered yet; returns how many."""
        live = self._keys.live_days()
        query = select(outbox.c.id, outbox.c.day, outbox.c.head).where(outbox.c.mark.is_not(None))
        recalled = 0
        for id_, day, sealed in await tx.rows(query):
            key = live.get(date.fromisoformat(day))
            head = None if key is None else _opened_head(key, id_, sealed)
            if head is not None and (head.channel, head.address) == (channel, address):
                await self._settle(tx, id_, state="gone")
                recalled += 1
        return recalled

    async def _change(self, tx: Transaction, id_: bytes, change: Callable[[_Head], _Head]) -> None:
        row = await tx.first(select(outbox.c.day, outbox.c.head).where(outbox.c.id == id_))
        key = None if row is None else self._keys.existing_day(date.fromisoformat(row.day))
        head = None if row is None or key is None else _opened_head(key, id_, row.head)
        if key is not None and head is not None:
            await tx.change(update(outbox).where(outbox.c.id == id_).values(head=change(head).sealed(key, id_)))

    async def reseal(self, tx: Transaction, *, now: datetime) -> int:
        """Move what waits under older day keys to today's; what no key opens is given up; returns how many moved."""
        today = now.astimezone(self._zone).date()
        live, key = self._keys.live_days(), self._keys.day(today)
        moved = 0
        for id_, day in await tx.rows(select(outbox.c.id, outbox.c.day).where(outbox.c.day != today.isoformat())):
            row = await tx.first(select(outbox.c.head, outbox.c.sealed).where(outbox.c.id == id_))
            old = live.get(date.fromisoformat(day))
            if row is None or old is None:
                await self._settle(tx, id_, state="gone")
                continue
            try:
                head, content = (
                    seal(
                        key, open_sealed(old, sealed, at=place("outbox", id_, column)), at=place("outbox", id_, column)
                    )
                    for column, sealed in (("head", row.head), ("sealed", row.sealed))
                )
            except SealBrokenError:
                await self._settle(tx, id_, state="gone")
                continue
            values = {"day": today.isoformat(), "head": head, "sealed": content}
            moved += await tx.change(update(outbox).where(outbox.c.id == id_).values(values))
        return moved

    async def unsettled(self, tx: Transaction) -> dict[str, int]:
        """Return how many messages of `add_once` are in each state: waiting, delivered, gone, ambiguous."""
        query = select(outbox_marks.c.state, func.count().label("number")).group_by(outbox_marks.c.state)
        return dict.fromkeys(STATES, 0) | {row.state: row.number for row in await tx.rows(query)}

    async def _add(self, tx: Transaction, head: _Head, payload: bytes, *, now: datetime, mark: bytes | None) -> None:
        day = now.astimezone(self._zone).date()
        key = self._keys.day(day)
        id_ = secrets.token_bytes(_ID_BYTES)
        content = seal(key, padded(payload), at=place("outbox", id_, "sealed"))
        row = {"id": id_, "day": day.isoformat(), "head": head.sealed(key, id_), "sealed": content, "mark": mark}
        await tx.insert(outbox, [row])

    async def _with_content(self, tx: Transaction, ready: dict[bytes, tuple[_Head, bytes]]) -> list[Delivery]:
        deliveries = []
        for id_, mark, sealed in await _contents(tx, list(ready)):
            head, key = ready[id_]
            try:
                payload = unpadded(open_sealed(key, sealed, at=place("outbox", id_, "sealed")))
            except SealBrokenError:
                continue
            once = mark is not None
            deliveries.append(
                Delivery(id_, head.channel, head.address, payload, head.order, head.attempts, once, head.begun)
            )
        return deliveries

    async def _settle(self, tx: Transaction, id_: bytes, *, state: str) -> None:
        if state not in STATES[1:]:
            raise ValueError(f"a message is settled as one of {', '.join(STATES[1:])}")
        row = await tx.first(delete(outbox).where(outbox.c.id == id_).returning(outbox.c.mark))
        if row is not None and row.mark is not None:
            await tx.change(update(outbox_marks).where(outbox_marks.c.mark == row.mark).values(state=state))


async def _contents(tx: Transaction, ids: list[bytes]) -> list[tuple[bytes, bytes | None, bytes]]:
    """Return id, mark and sealed content of rows, a part at a time: databases limit the values of one statement."""
    found: list[tuple[bytes, bytes | None, bytes]] = []
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        part = ids[start : start + _ROWS_AT_ONCE]
        query = select(outbox.c.id, outbox.c.mark, outbox.c.sealed).where(outbox.c.id.in_(part))
        found.extend((id_, mark, sealed) for id_, mark, sealed in await tx.rows(query))
    return found


def _opened_head(key: bytes, id_: bytes, sealed: bytes) -> _Head | None:
    try:
        return _Head(*json.loads(unpadded(open_sealed(key, sealed, at=place("outbox", id_, "head")))))
    except SealBrokenError:
        return None
