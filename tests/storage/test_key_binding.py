"""A database and its key folder belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import KeyMissingError
from storage.database import Database
from storage.key_binding import bind_keys
from storage.keys import Keys


async def test_another_key_folder_is_noticed(any_database: Database, keys: Keys, tmp_path: Path) -> None:
    """The folder a database was begun with is accepted again and again; a new one is refused."""
    for _ in range(2):
        async with any_database.transaction() as tx:
            await bind_keys(tx, keys)
    with pytest.raises(KeyMissingError, match="does not belong to this database"):
        async with any_database.transaction() as tx:
            await bind_keys(tx, Keys.open(tmp_path / "other"))
