"""What must not be at rest is not at rest: the bytes of the files are searched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.role import Role
from storage.database import Database
from storage.drafts import Drafts
from storage.imports import Imports
from storage.inbox import Inbox
from storage.keys import Keys
from storage.outbox import Outbox
from storage.people import People
from storage.reports import Reports
from storage.slips import Slips
from storage.tables import METADATA
from tests.fakes.clock import FakeClock
from tests.storage.examples import BLOCK, MARK, REPORT, SLIP, bytes_on_disk, new_receipt

_PERSON = "telegram:70707070707"
_ADDRESS = "80808080808"
_KEY = "update-90909090909"
_CODE = "INVITECODEINVITE"


async def _fill(database: Database, keys: Keys, zone: ZoneInfo, clock: FakeClock) -> list[bytes]:
    """Put a marked value into every collection; returns the bytes that must stand nowhere."""
    now, today, receipt = clock(), clock().astimezone(zone).date(), new_receipt()
    slips = Slips(keys)
    async with database.transaction() as tx:
        await Inbox(keys).add(tx, [("telegram", _KEY, MARK.encode())], today=today)
        await Drafts(keys, zone).save(tx, _PERSON, MARK.encode(), now=now)
        await Outbox(keys, zone).add_once(
            tx, unique=_PERSON, channel="telegram", address=_ADDRESS, payload=MARK.encode(), order=1, now=now
        )
        tag = slips.tag(_PERSON, block=BLOCK)
        await slips.add(tx, replace(SLIP, person=tag), block=BLOCK)
        await Reports(keys).add(tx, REPORT, receipt, keep_by="2027-09")
        await Imports(keys).remember(tx, MARK, keep_by="2027-09")
        people = People(keys)
        for code in (_CODE, "OTHERCODE"):
            await people.invite(tx, code=code, role=Role.SUPERVISOR, region="haidian", expires=now + timedelta(days=1))
        await people.join(tx, code="OTHERCODE", channel="telegram", person=_PERSON, address=_ADDRESS, now=now)
    words = [MARK, _PERSON, "70707070707", _ADDRESS, _KEY, "90909090909", _CODE, receipt.code, str(receipt)]
    clear = [*(word.encode() for word in words), tag]
    report_fields = [b"haidian", b"2026-W40", b"votes_likes", b"education", b"health", b"beijing-1", b"supervisor"]
    return clear + report_fields


async def test_nothing_said_by_or_about_a_person_is_in_clear(
    database: Database, keys: Keys, zone: ZoneInfo, clock: FakeClock
) -> None:
    """Not in the database file, nor in its write-ahead log, before and after it is written back."""
    forbidden = await _fill(database, keys, zone, clock)
    assert database.file is not None
    for _ in range(2):
        found = bytes_on_disk(database.file)
        assert b"2027-09" in found  # the keep-by month is in clear: the search does see the rows
        assert [value for value in forbidden if value in found] == []
        assert await database.scrub()


async def test_nothing_of_a_person_is_in_the_key_folder(
    database: Database, keys: Keys, zone: ZoneInfo, clock: FakeClock, tmp_path: Path
) -> None:
    forbidden = await _fill(database, keys, zone, clock)
    files = list((tmp_path / "keys").iterdir())
    assert len(files) == 4
    found = b"".join(path.name.encode() + path.read_bytes() for path in files)
    assert [value for value in forbidden if value in found] == []


async def test_sealed_bytes_are_gone_after_delete_and_scrub(
    database: Database, keys: Keys, zone: ZoneInfo, clock: FakeClock
) -> None:
    """Even the sealed form of a deleted row is in no free page and in no log."""
    await _fill(database, keys, zone, clock)
    assert database.file is not None
    sealed: list[bytes] = []
    async with database.transaction() as tx:
        for table in METADATA.tables.values():
            sealed += [value for row in await tx.rows(table.select()) for value in row if isinstance(value, bytes)]
            await tx.change(table.delete())
    assert len(sealed) > 15
    assert await database.scrub()
    found = bytes_on_disk(database.file)
    assert [value for value in sealed if value[-16:] in found] == []


@pytest.mark.postgres
async def test_nothing_is_in_clear_in_the_rows_of_postgresql(
    postgresql_url: str, keys: Keys, zone: ZoneInfo, clock: FakeClock
) -> None:
    database = await Database.open(postgresql_url)
    forbidden = await _fill(database, keys, zone, clock)
    found = b""
    async with database.reading() as tx:
        for table in METADATA.tables.values():
            for row in await tx.rows(table.select()):
                found += b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    assert b"2027-09" in found
    assert [value for value in forbidden if value in found] == []
    await database.close()
