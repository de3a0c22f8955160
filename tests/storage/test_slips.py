"""Slips: all of one length, opened by the block's private key alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from domain.classification import Body
from domain.errors import KeyMissingError, SealBrokenError, StorageError
from domain.report import Slip, Source
from storage.database import Database
from storage.keys import Keys
from storage.slips import Slips, _decoded, _encoded, link, open_link
from storage.tables import slips as slips_table
from tests.storage.examples import BLOCK, SLIP, new_receipt

_ids = st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=1)


@pytest.fixture
def slips(keys: Keys) -> Slips:
    return Slips(keys)


async def _add(database: Database, slips: Slips, *people: str, block: str = BLOCK) -> list[bytes]:
    ids = []
    for person in people:
        async with database.transaction() as tx:
            ids.append(await slips.add(tx, replace(SLIP, person=slips.tag(person, block=block)), block=block))
    return ids


@given(
    st.builds(
        Slip,
        person=st.binary(min_size=32, max_size=32),
        week=st.just("2026-W40"),
        region=_ids.map(lambda name: name[:41]),
        categories=st.lists(_ids.map(lambda name: name[:28]), min_size=1, max_size=3).map(tuple),
        body=st.none() | st.sampled_from(Body),
        source=st.sampled_from(Source),
    )
)
def test_every_slip_has_one_length_and_comes_back(slip: Slip) -> None:
    """Whatever its region, categories and body."""
    assert len(_encoded(slip)) == 320
    assert _decoded(_encoded(slip)) == slip


async def test_the_longest_and_the_shortest_slip_take_the_same_room(any_database: Database, slips: Slips) -> None:
    longest = replace(
        SLIP, region="r" * 41, categories=("a" * 28, "b" * 28, "c" * 28), body=Body.CIVILIZATION, source=Source.IMPORT
    )
    shortest = replace(SLIP, region="r", categories=("a",), body=None)
    async with any_database.transaction() as tx:
        for slip in (longest, shortest):
            await slips.add(tx, slip, block=BLOCK)
        sizes = {len(row.sealed) for row in await tx.rows(select(slips_table.c.sealed))}
        assert {slip.region for slip in await slips.open_all(tx, BLOCK)} == {"r" * 41, "r"}
    assert len(sizes) == 1


async def test_a_slip_that_does_not_fit_is_refused(any_database: Database, slips: Slips) -> None:
    with pytest.raises(StorageError, match="shorten the id"):
        async with any_database.transaction() as tx:
            await slips.add(tx, replace(SLIP, region="r" * 300), block=BLOCK)


async def test_slips_open_by_block(any_database: Database, slips: Slips) -> None:
    await _add(any_database, slips, "telegram:1", "telegram:2", "telegram:1")
    await _add(any_database, slips, "telegram:1", block="2026-W41..W44")
    async with any_database.reading() as tx:
        opened = await slips.open_all(tx, BLOCK)
        assert await slips.blocks(tx) == [BLOCK, "2026-W41..W44"]
    tags = sorted(slip.person for slip in opened)
    assert tags == sorted(slips.tag(f"telegram:{number}", block=BLOCK) for number in (1, 1, 2))
    assert {slip.week for slip in opened} == {"2026-W40"}


def test_a_person_has_one_tag_a_block(slips: Slips) -> None:
    """The same within a block, another one in the next, and never the person's id."""
    tag = slips.tag("telegram:1", block=BLOCK)
    assert tag == slips.tag("telegram:1", block=BLOCK)
    assert tag != slips.tag("telegram:2", block=BLOCK)
    assert tag != slips.tag("telegram:1", block="2026-W41..W44")
    assert len(tag) == 32


def test_a_destroyed_block_takes_its_tags_along(slips: Slips, keys: Keys) -> None:
    """Afterwards nobody can test whether a given account was among the slips."""
    tag = slips.tag("telegram:1", block=BLOCK)
    keys.destroy_block(BLOCK)
    assert slips.tag("telegram:1", block=BLOCK) != tag


async def test_slips_without_their_key_are_never_opened(any_database: Database, slips: Slips, keys: Keys) -> None:
    """A destroyed key is missed, not made again; a block without slips needs none."""
    await _add(any_database, slips, "telegram:1")
    keys.destroy_block(BLOCK)
    async with any_database.reading() as tx:
        with pytest.raises(KeyMissingError):
            await slips.open_all(tx, BLOCK)
        assert await slips.open_all(tx, "2026-W41..W44") == []
    assert keys.blocks() == []


async def test_a_front_process_adds_and_cannot_open(any_database: Database, keys: Keys, tmp_path: Path) -> None:
    """With the front file alone slips are added; the releasing host opens them."""
    keys.block_front(BLOCK)
    front = Slips(Keys.open(tmp_path / "front"))
    name = f"block-{BLOCK}.front"
    (tmp_path / "front" / name).write_bytes((tmp_path / "keys" / name).read_bytes())
    (tmp_path / "front" / name).chmod(0o600)
    await _add(any_database, front, "telegram:1")
    async with any_database.reading() as tx:
        with pytest.raises(KeyMissingError):
            await front.open_all(tx, BLOCK)
        (slip,) = await Slips(keys).open_all(tx, BLOCK)
    assert slip.person == Slips(keys).tag("telegram:1", block=BLOCK)


async def test_a_slip_moved_to_another_block_or_row_does_not_open(any_database: Database, slips: Slips) -> None:
    (id_,) = await _add(any_database, slips, "telegram:1")
    await _add(any_database, slips, "telegram:1", block="2026-W41..W44")
    async with any_database.transaction() as tx:
        await tx.change(slips_table.update().where(slips_table.c.id == id_).values(block="2026-W41..W44"))
        with pytest.raises(SealBrokenError):
            await slips.open_all(tx, "2026-W41..W44")


async def test_a_slip_is_removed_once(any_database: Database, slips: Slips) -> None:
    first, _ = await _add(any_database, slips, "telegram:1", "telegram:2")
    async with any_database.transaction() as tx:
        assert await slips.remove(tx, first)
        assert not await slips.remove(tx, first)
        (slip,) = await slips.open_all(tx, BLOCK)
    assert slip.person == slips.tag("telegram:2", block=BLOCK)


async def test_a_block_is_deleted_whole(any_database: Database, slips: Slips) -> None:
    await _add(any_database, slips, "telegram:1", "telegram:2")
    await _add(any_database, slips, "telegram:1", block="2026-W41..W44")
    async with any_database.transaction() as tx:
        assert await slips.delete_block(tx, BLOCK) == 2
        assert await slips.blocks(tx) == ["2026-W41..W44"]


async def test_a_shuffle_keeps_every_slip_under_its_id(any_database: Database, slips: Slips) -> None:
    ids = await _add(any_database, slips, *(f"telegram:{number}" for number in range(20)))
    async with any_database.transaction() as tx:
        assert await slips.shuffle(tx) == 20
        assert await slips.shuffle(tx) == 0
        rows = await tx.rows(select(slips_table.c.id))
        assert len(await slips.open_all(tx, BLOCK)) == 20
    assert {row.id for row in rows} == set(ids)


@pytest.mark.postgres
async def test_the_slips_of_a_day_cannot_be_told_on_postgresql(postgresql_url: str, slips: Slips) -> None:
    """All slips of a block are rewritten with the new ones: their transaction number says nothing about the day."""
    database = await Database.open(postgresql_url)
    for person in ("telegram:1", "telegram:2"):
        await _add(database, slips, person)
        async with database.transaction() as tx:
            assert await slips.shuffle(tx) == 1
    async with database.reading() as tx:
        assert await tx.value(text("SELECT count(DISTINCT xmin::text) FROM slips")) == 1
    await database.close()


@pytest.mark.postgres
async def test_a_shuffle_hides_the_order_on_postgresql(postgresql_url: str, slips: Slips) -> None:
    database = await Database.open(postgresql_url)
    ids = await _add(database, slips, *(f"telegram:{number}" for number in range(40)))
    order = text("SELECT id FROM slips ORDER BY ctid")
    async with database.transaction() as tx:
        assert [row.id for row in await tx.rows(order)] == ids
        await slips.shuffle(tx)
        assert [row.id for row in await tx.rows(order)] != ids
    await database.close()


def test_choices_are_keyed_by_the_block(slips: Slips, keys: Keys) -> None:
    """The same within a block, another in the next; without the secret it refuses when a choice is asked."""
    slips.tag("telegram:1", block=BLOCK)
    slips.tag("telegram:1", block="2026-W41..W44")
    chance = slips.chance(BLOCK)
    assert chance("a") == slips.chance(BLOCK)("a")
    assert len({chance("a"), chance("b"), slips.chance("2026-W41..W44")("a")}) == 3
    keys.destroy_block(BLOCK)
    with pytest.raises(KeyMissingError):
        slips.chance(BLOCK)("a")


def test_a_link_opens_with_its_receipt_only() -> None:
    receipt = new_receipt()
    sealed = link(receipt, b"slip id 16 bytes")
    assert open_link(receipt, sealed) == b"slip id 16 bytes"
    assert b"slip id 16 bytes" not in sealed
    assert link(receipt, b"slip id 16 bytes") != sealed
    with pytest.raises(SealBrokenError):
        open_link(new_receipt(), sealed)
