"""People join by an invitation that works once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import DuplicateError
from domain.role import Role, Staff
from storage.database import Database
from storage.keys import Keys
from storage.people import People
from storage.tables import invitations
from tests.fakes.clock import FakeClock


@pytest.fixture
def people(keys: Keys) -> People:
    return People(keys)


async def _invite(
    database: Database,
    people: People,
    clock: FakeClock,
    code: str = "CODE",
    role: Role = Role.SUPERVISOR,
    region: str = "haidian",
) -> None:
    async with database.transaction() as tx:
        await people.invite(tx, code=code, role=role, region=region, expires=clock() + timedelta(days=14))


async def _join(
    database: Database, people: People, clock: FakeClock, code: str = "CODE", person: str = "telegram:1"
) -> Staff | None:
    async with database.transaction() as tx:
        return await people.join(tx, code=code, channel="telegram", person=person, address="chat-1", now=clock())


async def test_an_invitation_makes_a_person_staff(any_database: Database, people: People, clock: FakeClock) -> None:
    await _invite(any_database, people, clock)
    joined = await _join(any_database, people, clock)
    assert joined is not None
    assert joined == Staff(
        id=joined.id,
        role=Role.SUPERVISOR,
        region="haidian",
        channel="telegram",
        person="telegram:1",
        address="chat-1",
    )
    async with any_database.reading() as tx:
        assert await people.find(tx, "telegram:1") == joined
        assert await people.find(tx, "telegram:2") is None
        assert await people.all(tx) == [joined]


async def test_an_invitation_works_once(any_database: Database, people: People, clock: FakeClock) -> None:
    await _invite(any_database, people, clock)
    assert await _join(any_database, people, clock, "WRONG") is None
    assert await _join(any_database, people, clock) is not None
    assert await _join(any_database, people, clock, person="telegram:2") is None


async def test_of_two_that_join_at_once_one_gets_in(any_url: str, people: People, clock: FakeClock) -> None:
    """Also when they come through different processes."""
    first, second = await Database.open(any_url), await Database.open(any_url)
    await _invite(first, people, clock)
    results = await asyncio.gather(
        _join(first, people, clock, person="telegram:1"), _join(second, people, clock, person="telegram:2")
    )
    assert sum(staff is not None for staff in results) == 1
    await first.close()
    await second.close()


async def test_an_invitation_ends(any_database: Database, people: People, clock: FakeClock) -> None:
    """At its end it is of no use any more, and is deleted with the next that somebody tries."""
    await _invite(any_database, people, clock)
    clock.advance(timedelta(days=14))
    assert await _join(any_database, people, clock) is None
    async with any_database.reading() as tx:
        assert await tx.rows(select(invitations)) == []


async def test_joining_again_changes_role_and_region(any_database: Database, people: People, clock: FakeClock) -> None:
    """The person stays one, under the same id."""
    await _invite(any_database, people, clock)
    first = await _join(any_database, people, clock)
    await _invite(any_database, people, clock, "OTHER", Role.ADMINISTRATOR, "beijing")
    again = await _join(any_database, people, clock, "OTHER")
    assert first is not None
    assert again is not None
    assert (again.id, again.role, again.region) == (first.id, Role.ADMINISTRATOR, "beijing")
    async with any_database.reading() as tx:
        assert await people.all(tx) == [again]


async def test_a_code_is_given_out_once(any_database: Database, people: People, clock: FakeClock) -> None:
    await _invite(any_database, people, clock)
    with pytest.raises(DuplicateError):
        await _invite(any_database, people, clock)


async def test_who_is_revoked_is_nobody(any_database: Database, people: People, clock: FakeClock) -> None:
    """Unknown and impossible ids are simply nobody's."""
    await _invite(any_database, people, clock)
    joined = await _join(any_database, people, clock)
    assert joined is not None
    async with any_database.transaction() as tx:
        assert not await people.revoke(tx, "00")
        assert not await people.revoke(tx, "nonsense")
        assert await people.revoke(tx, joined.id)
        assert not await people.revoke(tx, joined.id)
        assert await people.find(tx, "telegram:1") is None


async def test_everybody_is_listed_by_role_and_region(any_database: Database, people: People, clock: FakeClock) -> None:
    wanted = [(Role.ADMINISTRATOR, "beijing"), (Role.SUPERVISOR, "chaoyang"), (Role.SUPERVISOR, "haidian")]
    for number, (role, region) in enumerate(reversed(wanted)):
        await _invite(any_database, people, clock, str(number), role, region)
        await _join(any_database, people, clock, str(number), f"telegram:{number}")
    async with any_database.reading() as tx:
        assert [(staff.role, staff.region) for staff in await people.all(tx)] == wanted
