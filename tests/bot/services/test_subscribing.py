"""Invitations: once, for two weeks, for a region that exists, typed as people type."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.services.subscribing import VALID_DAYS, Subscribing
from domain.errors import InvitationError, UnknownRegionError
from domain.receipt import ALPHABET
from domain.role import Role, Staff
from storage.database import Database
from storage.keys import Keys
from storage.outbox import Outbox
from storage.people import People
from tests.bot.conversation.small_world import TREE, ZONE
from tests.fakes.clock import FakeClock


@pytest.fixture
def subscribing(any_database: Database, keys: Keys) -> Subscribing:
    """The service on each database."""
    return Subscribing(any_database, People(keys), TREE, Outbox(keys, ZONE))


async def join(subscribing: Subscribing, database: Database, clock: FakeClock, code: str, person: int = 7) -> Staff:
    async with database.transaction() as tx:
        return await subscribing.join(
            tx, code, channel="telegram", person=f"telegram:{person}", address=str(person), now=clock()
        )


async def test_an_invitation_makes_one_account_staff(
    subscribing: Subscribing, any_database: Database, clock: FakeClock
) -> None:
    """Role, region and where the digest goes come back; the second to use the code is refused."""
    code = await subscribing.invite(Role.SUPERVISOR, "haidian", now=clock())
    staff = await join(subscribing, any_database, clock, code)
    assert (staff.role, staff.region, staff.channel, staff.address) == (Role.SUPERVISOR, "haidian", "telegram", "7")
    with pytest.raises(InvitationError):
        await join(subscribing, any_database, clock, code, 8)
    assert await subscribing.people() == [staff]


async def test_without_a_region_the_invitation_is_for_the_root(
    subscribing: Subscribing, any_database: Database, clock: FakeClock
) -> None:
    """An administrator sees the whole tree; an inner region is as good as a leaf."""
    code = await subscribing.invite(Role.ADMINISTRATOR, None, now=clock())
    assert (await join(subscribing, any_database, clock, code)).region == "city"


@pytest.mark.parametrize(
    "typed",
    ["{code}", "{lower}", " {wide} ", "{spaced}", "邀请码：{code}"],
    ids=["as is", "lower", "wide", "spaced", "labelled"],
)
async def test_a_code_is_taken_as_people_type_it(
    subscribing: Subscribing, any_database: Database, clock: FakeClock, typed: str
) -> None:
    """Case, width, blanks and Chinese words around it change nothing."""
    code = await subscribing.invite(Role.SUPERVISOR, "haidian", now=clock())
    wide = "".join(chr(ord(symbol) + 0xFEE0) for symbol in code)
    text = typed.format(code=code, lower=code.lower(), wide=wide, spaced=code.replace("-", "  "))
    assert (await join(subscribing, any_database, clock, text)).region == "haidian"


async def test_an_invitation_ends_after_two_weeks(
    subscribing: Subscribing, any_database: Database, clock: FakeClock
) -> None:
    """On the last day it holds, afterwards not."""
    first = await subscribing.invite(Role.SUPERVISOR, "haidian", now=clock())
    second = await subscribing.invite(Role.SUPERVISOR, "haidian", now=clock())
    clock.advance(timedelta(days=VALID_DAYS) - timedelta(minutes=1))
    await join(subscribing, any_database, clock, first)
    clock.advance(timedelta(minutes=2))
    with pytest.raises(InvitationError):
        await join(subscribing, any_database, clock, second, 8)


@pytest.mark.parametrize("typed", ["", "ABCD-EFGH-JKMN-PQRS", "邀请码", "🙂"])
async def test_an_unknown_code_is_refused(
    subscribing: Subscribing, any_database: Database, clock: FakeClock, typed: str
) -> None:
    """Nothing but an open invitation opens."""
    await subscribing.invite(Role.SUPERVISOR, "haidian", now=clock())
    with pytest.raises(InvitationError):
        await join(subscribing, any_database, clock, typed)


async def test_an_unknown_region_cannot_be_invited_to(subscribing: Subscribing, clock: FakeClock) -> None:
    """The operator is told where the regions stand."""
    with pytest.raises(UnknownRegionError, match=r"'nowhere'; \[\[regions\]\]"):
        await subscribing.invite(Role.SUPERVISOR, "nowhere", now=clock())


async def test_who_is_removed_is_staff_no_more(
    subscribing: Subscribing, any_database: Database, clock: FakeClock
) -> None:
    """Once removed, gone; nobody else is."""
    staff = await join(subscribing, any_database, clock, await subscribing.invite(Role.SUPERVISOR, None, now=clock()))
    other = await join(
        subscribing, any_database, clock, await subscribing.invite(Role.SUPERVISOR, None, now=clock()), 8
    )
    assert await subscribing.revoke(staff.id)
    assert not await subscribing.revoke(staff.id)
    assert await subscribing.people() == [other]


async def test_a_new_invitation_replaces_role_and_region(
    subscribing: Subscribing, any_database: Database, clock: FakeClock
) -> None:
    """An account that joins again is one person with the new role."""
    await join(subscribing, any_database, clock, await subscribing.invite(Role.SUPERVISOR, "haidian", now=clock()))
    await join(subscribing, any_database, clock, await subscribing.invite(Role.ADMINISTRATOR, None, now=clock()))
    assert [(staff.role, staff.region) for staff in await subscribing.people()] == [(Role.ADMINISTRATOR, "city")]


async def test_codes_are_hard_to_guess(subscribing: Subscribing, clock: FakeClock) -> None:
    """Sixteen symbols of the receipt's alphabet, never the same twice."""
    codes = [await subscribing.invite(Role.SUPERVISOR, None, now=clock()) for _ in range(5)]
    assert len(set(codes)) == 5
    assert all(len(code) == 19 and set(code) <= {*ALPHABET, "-"} for code in codes)


async def test_a_digest_on_its_way_does_not_reach_who_was_revoked(
    subscribing: Subscribing, any_database: Database, keys: Keys, clock: FakeClock
) -> None:
    """What was said to the same account as a reporter, and to others, still arrives."""
    outbox = Outbox(keys, ZONE)
    code = await subscribing.invite(Role.SUPERVISOR, "haidian", now=clock())
    staff = await join(subscribing, any_database, clock, code)
    async with any_database.transaction() as tx:
        for order, address in enumerate(("7", "8")):
            await outbox.add_once(
                tx, unique=address, channel="telegram", address=address, payload=b"digest", order=order, now=clock()
            )
        await outbox.add(tx, channel="telegram", address="7", payload=b"receipt", order=3, now=clock())
    assert await subscribing.revoke(staff.id)
    async with any_database.reading() as tx:
        waiting = {(item.address, item.payload) for item in await outbox.due(tx, now=clock())}
    assert waiting == {("8", b"digest"), ("7", b"receipt")}
