"""Imported lines are taken in once."""

from __future__ import annotations

from storage.database import Database
from storage.imports import Imports
from storage.keys import Keys


async def test_a_line_is_remembered_until_its_month_is_over(any_database: Database, keys: Keys) -> None:
    """Seen before is False; after its keep-by month it is forgotten, and others are not."""
    imports = Imports(keys)
    async with any_database.transaction() as tx:
        assert await imports.remember(tx, "id:1", keep_by="2027-08")
        assert not await imports.remember(tx, "id:1", keep_by="2027-09")
        assert await imports.remember(tx, "id:2", keep_by="2027-09")
        assert await imports.expire(tx, month="2027-08") == 0
        assert await imports.expire(tx, month="2027-09") == 1
        assert await imports.remember(tx, "id:1", keep_by="2027-10")
        assert not await imports.remember(tx, "id:2", keep_by="2027-10")
