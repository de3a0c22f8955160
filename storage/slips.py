"""Slips: sealed, constant-length rows from which distinct people are counted at release."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from typing import Final

from sqlalchemy import delete, select

from domain.classification import Body
from domain.errors import KeyMissingError, StorageError
from domain.receipt import Receipt
from domain.report import Slip, Source
from storage.database import Transaction
from storage.keys import Keys
from storage.sealing import derive, keyed_hash, open_sealed, open_with, padded, place, seal, seal_to, unpadded
from storage.tables import slips

_ID_BYTES: Final = 16
_PLAIN_BYTES: Final = 320  # a region of 41 and three categories of 28 characters need 244
_LINK_PLACE: Final = place("slip link")


def link(receipt: Receipt, slip_id: bytes) -> bytes:
    """Return the slip's id sealed under the receipt: only its holder finds the slip."""
    return seal(derive(receipt.code.encode(), "slip"), slip_id, at=_LINK_PLACE)


def open_link(receipt: Receipt, link: bytes) -> bytes:
    """Return the slip's id; raises SealBrokenError when the link belongs to another receipt."""
    return open_sealed(derive(receipt.code.encode(), "slip"), link, at=_LINK_PLACE)


class Slips:
    """Slips sealed to their block's public key; in clear a row has a random id and its block."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def tag(self, person: str, *, block: str) -> bytes:
        """Return the keyed tag of a person key, the same throughout a block and in no other."""
        return keyed_hash(self._keys.block_front(block).tags, "person", person)

    async def add(self, tx: Transaction, slip: Slip, *, block: str) -> bytes:
        """Store a slip; returns its random id.

        Raises:
            StorageError: an id in it is too long for a row of constant length.
        """
        id_ = secrets.token_bytes(_ID_BYTES)
        sealed = seal_to(self._keys.block_front(block).public, _encoded(slip), at=_place(id_, block))
        await tx.insert(slips, [{"id": id_, "block": block, "fresh": True, "sealed": sealed}])
        return id_

    async def remove(self, tx: Transaction, slip_id: bytes) -> bool:
        """Delete a slip; False when it is gone."""
        return await tx.change(delete(slips).where(slips.c.id == slip_id)) == 1

    async def open_all(self, tx: Transaction, block: str) -> list[Slip]:
        """Return the slips of a block, in clear, in no order that means anything.

        Raises:
            KeyMissingError: there are slips and the private key is gone or elsewhere.
            SealBrokenError: a row was changed.
        """
        query = select(slips.c.id, slips.c.sealed).where(slips.c.block == block).order_by(slips.c.id)
        rows = await tx.rows(query)
        if not rows:
            return []
        private = self._keys.block_secret(block).private
        return [_decoded(open_with(private, sealed, at=_place(id_, block))) for id_, sealed in rows]

    def chance(self, block: str) -> Callable[[str], bytes]:
        """Return the keyed hash that makes the choices of a release.

        Raises (when called with a choice to make; a block without slips needs none):
            KeyMissingError: the block's secret is gone or elsewhere.
        """
        try:
            key = self._keys.block_secret(block).chance
        except KeyMissingError as missing:
            return _refusing(missing)
        return lambda choice: keyed_hash(key, "chance", choice)

    async def delete_block(self, tx: Transaction, block: str) -> int:
        """Delete all slips of a block; returns how many."""
        return await tx.change(delete(slips).where(slips.c.block == block))

    async def blocks(self, tx: Transaction) -> list[str]:
        """Return the blocks that have slips, in order."""
        return sorted(block for (block,) in await tx.rows(select(slips.c.block).distinct()))

    async def shuffle(self, tx: Transaction) -> int:
        """Rewrite what is new since the last time in random order; returns how many rows were new.

        With them goes every row of the same blocks: rewritten alone, the slips of each day would lie together.
        """
        await tx.keep_others_out(slips)
        blocks = select(slips.c.block).where(slips.c.fresh.is_(True)).distinct()
        rows = [row._asdict() for row in await tx.rows(select(slips).where(slips.c.block.in_(blocks)))]
        fresh = sum(bool(row["fresh"]) for row in rows)
        if fresh:
            await tx.change(delete(slips).where(slips.c.block.in_({row["block"] for row in rows})))
            secrets.SystemRandom().shuffle(rows)
            await tx.insert(slips, ({**row, "fresh": False} for row in rows))
        return fresh


def _place(id_: bytes, block: str) -> bytes:
    return place("slips", id_, "sealed", block)


def _refusing(missing: KeyMissingError) -> Callable[[str], bytes]:
    def refuse(_choice: str) -> bytes:
        raise KeyMissingError(str(missing))

    return refuse


def _encoded(slip: Slip) -> bytes:
    person = base64.b64encode(slip.person).decode()
    values = [person, slip.week, slip.region, slip.categories, slip.body, slip.source]
    try:
        return padded(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(), size=_PLAIN_BYTES)
    except ValueError:
        raise StorageError(
            "A slip does not fit its constant length; shorten the id of the region or of the categories."
        ) from None


def _decoded(plain: bytes) -> Slip:
    person, week, region, categories, body, source = json.loads(unpadded(plain))
    return Slip(
        person=base64.b64decode(person),
        week=week,
        region=region,
        categories=tuple(categories),
        body=None if body is None else Body(body),
        source=Source(source),
    )
