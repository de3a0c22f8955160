"""Remembers which key folder belongs to a database, so that another one is noticed at the start."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from domain.errors import KeyMissingError
from storage.database import Transaction
from storage.keys import Keys
from storage.sealing import keyed_hash
from storage.tables import facts

_NAME: Final = "keys"


async def bind_keys(tx: Transaction, keys: Keys) -> None:
    """Bind a new database to these keys; changes nothing later.

    Raises:
        KeyMissingError: the database was made with another master key, so nothing in it could be opened.
    """
    value = keyed_hash(keys.derived("binding"), "keys").hex()
    await tx.insert_new(facts, {"name": _NAME, "value": value})
    if await tx.value(select(facts.c.value).where(facts.c.name == _NAME)) != value:
        raise KeyMissingError(
            "The key folder does not belong to this database; check [keys] dir and restore its master.key."
        )
