"""Marks of imported letters and calls, so that each is taken in once."""

from __future__ import annotations

from sqlalchemy import delete

from storage.database import Transaction
from storage.keys import Keys
from storage.sealing import keyed_hash
from storage.tables import import_marks


class Imports:
    """Marks kept as keyed hashes until the month after which their reports are deleted."""

    def __init__(self, keys: Keys) -> None:
        self._key = keys.derived("import marks")

    async def remember(self, tx: Transaction, mark: str, *, keep_by: str) -> bool:
        """Remember an imported line; False when it was seen before."""
        return await tx.insert_new(import_marks, {"mark": keyed_hash(self._key, mark), "keep_by": keep_by})

    async def expire(self, tx: Transaction, *, month: str) -> int:
        """Delete marks whose keep-by month is before `month`; returns how many."""
        return await tx.change(delete(import_marks).where(import_marks.c.keep_by < month))
