"""A week is released once, in order, from what was true at its end; what a block leaves behind is destroyed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.services.following_up import FollowingUp, Withdrawal
from domain.classification import Body
from domain.errors import KeyMissingError, ReleaseRefusedError, SealBrokenError
from domain.lattice import Lattice
from domain.region import Region, RegionTree
from domain.release import Release
from domain.report import Slip, Source
from domain.week import Block, Week
from storage.database import Database, Transaction
from storage.keys import Keys
from tests.bot.services.week_examples import LATTICE, RULES, TREE, W40, City, at, report
from tests.fakes.clock import FakeClock
from tests.storage.examples import SLIP, bytes_on_disk

BLOCK = "2026-W37..W40"


@pytest.fixture
def city(database: Database, keys: Keys, clock: FakeClock) -> City:
    return City(database, keys, clock)


class Killed(Exception):  # noqa: N818  no error: the process is gone
    """The process was killed here."""


# ---- what is due ----


async def test_a_week_is_due_when_its_weekday_and_time_have_come(city: City) -> None:
    await city.releasing.begin()
    city.clock.now = at("2026-10-06 07:59")
    assert await city.releasing.due() == []
    city.clock.now = at("2026-10-06 08:00")
    assert await city.releasing.due() == [W40]


async def test_after_a_downtime_all_weeks_are_released_in_order(city: City) -> None:
    """Three weeks without a process: all three are released, each once, the empty ones too."""
    await city.releasing.begin()
    city.release_time(Week(2026, 42))
    done = await city.releasing.release_due()
    assert [one.week for one in done] == [W40, Week(2026, 41), Week(2026, 42)]
    assert await city.releasing.release_due() == []
    empty = await city.published(Week(2026, 41), Source.IMPORT)
    assert empty is not None
    assert empty.rows == ()


async def test_a_new_store_begins_with_the_current_week(city: City) -> None:
    assert await city.releasing.release_due() == []
    city.release_time()
    assert [one.week for one in await city.releasing.release_due()] == [W40]


async def test_a_week_that_is_not_over_is_refused(city: City) -> None:
    with pytest.raises(ReleaseRefusedError, match="2026-W40 is not due: it can be released from 2026-10-06 08:00"):
        await city.releasing.release_week(W40)


async def test_a_week_before_the_store_began_is_refused(city: City) -> None:
    await city.releasing.begin()
    city.release_time()
    with pytest.raises(ReleaseRefusedError, match="before the first week"):
        await city.releasing.release_week(Week(2026, 39))


async def test_asking_for_a_week_releases_the_ones_before_it_and_is_harmless_when_repeated(city: City) -> None:
    await city.releasing.begin()
    city.release_time(Week(2026, 42))
    done = await city.releasing.release_week(Week(2026, 41))
    assert [one.week for one in done] == [W40, Week(2026, 41)]
    assert await city.releasing.release_week(W40) == [replace(done[0])]


# ---- what is counted ----


async def test_distinct_accounts_are_shown_as_bands(any_database: Database, keys: Keys, clock: FakeClock) -> None:
    """Six accounts with ten reports are 5-9; the four of another district are not shown, but count for the city."""
    city = City(any_database, keys, clock)
    await city.submit_many(6, body=Body.POLICE)
    await city.submit_many(4)
    await city.submit_many(4, start=10, region="chaoyang")
    city.release_time()
    (done,) = await city.releasing.release_due()
    shown = await city.shown(W40)
    assert shown[("haidian", "street_duty")] == (5, 9)
    assert shown[("city", "street_duty")] == (10, 14)
    assert shown[("city", "police")] == (5, 9)
    assert not any(region == "chaoyang" for region, _ in shown)
    assert done.shown == len(shown) == 7


async def test_letters_and_chat_are_never_added(city: City) -> None:
    """Four accounts in the chat and four letters are eight nowhere."""
    await city.submit_many(4)
    for number in range(4):
        await city.submit(f"letter{number}", report(source=Source.IMPORT))
    city.release_time()
    await city.releasing.release_due()
    assert await city.shown(W40) == await city.shown(W40, Source.IMPORT) == {}


async def test_a_report_after_the_close_counts_in_the_next_week(city: City) -> None:
    """What is confirmed after Sunday 24:00 is of the new week, even before the old one is released."""
    await city.submit_many(4)
    city.clock.now = at("2026-10-05 00:00")
    await city.submit("late")
    city.release_time()
    await city.releasing.release_due()
    assert await city.shown(W40) == {}


async def test_a_clock_that_is_put_back_adds_nothing_to_a_released_week(city: City) -> None:
    await city.submit_many(4)
    city.release_time()
    await city.releasing.release_due()
    city.clock.now = at("2026-10-01 12:00")
    _, stored = await city.submit("late")
    assert stored.week == "2026-W41"


async def test_a_withdrawn_report_is_not_counted_and_one_withdrawn_later_still_is(city: City) -> None:
    """Before the week's end a withdrawal undoes the count; after it only the text goes."""
    receipts = [(await city.submit(str(number)))[0] for number in range(6)]
    following = FollowingUp(reports=city.reports, slips=city.slips, releases=city.releases, rules=city.period_rules)
    async with city.database.transaction() as tx:
        assert await following.withdraw(tx, str(receipts[0]), now=city.clock()) is Withdrawal.WHOLE
    city.clock.now = at("2026-10-05 09:00")
    async with city.database.transaction() as tx:
        assert await following.withdraw(tx, str(receipts[1]), now=city.clock()) is Withdrawal.TEXT
    city.release_time()
    await city.releasing.release_due()
    assert (await city.shown(W40))[("haidian", "all")] == (5, 9)


async def test_a_region_added_during_the_block_counts_in_the_root_only(city: City) -> None:
    """The lattice is fixed when the block begins; a change of the configuration waits for the next one."""
    await city.submit_many(5)
    wider = RegionTree((*TREE.regions, Region(id="new", name="新区", parent="city")))
    later = City(city.database, city.keys, city.clock, rules=replace(RULES, tree=wider, k=7, band=7))
    for number in range(5):
        await later.submit(f"n{number}", region="new", categories=("added_later",))
    later.release_time()
    await later.releasing.release_due()
    shown = await later.shown(W40)
    assert shown[("city", "all")] == (10, 14)
    assert shown[("city", "street_duty")] == (5, 9)
    assert not any(region == "new" for region, _ in shown)
    later.release_time(Week(2026, 41))
    await later.releasing.release_due()
    following = await later.published(Week(2026, 41))
    assert following is not None
    assert (following.k, Lattice.from_json(following.lattice).tree) == (7, wider)


async def test_k_is_never_lowered(city: City) -> None:
    """A smaller k in the configuration does not take back what earlier releases promised."""
    strict = City(city.database, city.keys, city.clock, rules=replace(RULES, k=8, band=8, block_weeks=0))
    await strict.releasing.begin()
    strict.release_time()
    await strict.releasing.release_due()
    lax = City(city.database, city.keys, city.clock, rules=replace(RULES, block_weeks=0))
    lax.release_time(Week(2026, 41))
    await lax.releasing.release_due()
    release = await lax.published(Week(2026, 41))
    assert release is not None
    assert (release.k, release.band) == (8, 8)


async def test_a_changed_block_length_waits_for_the_end_of_the_block(city: City) -> None:
    """Reports of one block stay together, or one account would count twice in it."""
    city.clock.now = at("2026-09-23 10:00")
    await city.submit_many(3)
    later = City(city.database, city.keys, city.clock, rules=replace(RULES, block_weeks=0))
    await later.submit_many(3, start=2)
    async with city.database.reading() as tx:
        assert await city.slips.blocks(tx) == [BLOCK]
    later.release_time(Week(2026, 39))
    await later.releasing.release_due()
    assert (await later.shown(Week(2026, 39)))[("haidian", "all")] == (5, 9)


async def test_an_account_stays_in_its_district_for_the_block(city: City) -> None:
    """Who reported in one district first counts nowhere else in the block, and in the next block where it reports."""
    city.clock.now = at("2026-09-23 10:00")
    await city.submit_many(5)
    city.clock.now = at("2026-09-30 10:00")
    await city.submit_many(5, region="chaoyang")
    city.clock.now = at("2026-10-07 10:00")
    await city.submit_many(5, region="chaoyang")
    city.release_time(Week(2026, 41))
    await city.releasing.release_due()
    assert ("haidian", "all") in await city.shown(Week(2026, 39))
    assert await city.shown(W40) == {}
    assert ("chaoyang", "all") in await city.shown(Week(2026, 41))


# ---- a kill at any moment ----


def _kill_after(owner: object, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a step happen and the process die right after it."""
    done = getattr(owner, name)
    if name == "destroy_block":

        def die(*arguments: object) -> None:
            done(*arguments)
            raise Killed

        monkeypatch.setattr(owner, name, die)
        return

    async def die_later(*arguments: object) -> None:
        await done(*arguments)
        raise Killed

    monkeypatch.setattr(owner, name, die_later)


@pytest.mark.parametrize(
    ("owner", "step"),
    [
        ("releases", "fix_lattice"),
        ("slips", "open_all"),
        ("releases", "publish"),
        ("slips", "delete_block"),
        ("keys", "destroy_block"),
        ("database", "scrub"),
    ],
)
async def test_a_kill_between_two_steps_loses_and_doubles_nothing(
    city: City, monkeypatch: pytest.MonkeyPatch, owner: str, step: str
) -> None:
    """Whatever step was the last one: the next process releases the same numbers and destroys what is left."""
    await city.submit_many(6)
    city.release_time()
    with monkeypatch.context() as killing:
        _kill_after(getattr(city, owner), step, killing)
        with pytest.raises(Killed):
            await city.releasing.release_due()
    again = City(city.database, Keys.open(city.keys._folder), city.clock)
    await again.releasing.release_due()
    assert (await again.shown(W40))[("haidian", "all")] == (5, 9)
    assert BLOCK not in again.keys.blocks()
    async with again.database.reading() as tx:
        assert await again.slips.blocks(tx) == []
        assert len(await again.releases.all(tx)) == 2


async def test_two_processes_publish_a_week_once(any_database: Database, keys: Keys, clock: FakeClock) -> None:
    """The slower one keeps what the faster one published."""
    city, other = City(any_database, keys, clock), City(any_database, keys, clock)
    await city.submit_many(6)
    city.release_time()
    first = await city.releasing.release_due()
    assert [await other.releasing.release(W40)] == first


async def test_a_letter_that_arrives_while_counting_is_counted(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip added to the week between counting and publishing makes the counting start again."""
    await city.submit_many(4)
    city.release_time()
    opened = city.slips.open_all
    calls = 0

    async def and_one_more(tx: Transaction, block: str) -> list[Slip]:
        nonlocal calls
        calls += 1
        if calls == 2:
            late = await opened(tx, block)
            await city.slips.add(tx, replace(late[0], person=b"one more" * 4), block=block)
        return await opened(tx, block)

    monkeypatch.setattr(city.slips, "open_all", and_one_more)
    # The addition is rolled into the publishing transaction, as if another process had committed it just before.
    await city.releasing.release_due()
    assert (await city.shown(W40))[("haidian", "all")] == (5, 9)


# ---- what is left behind ----


async def test_after_the_block_its_slips_are_nowhere_in_the_file(city: City, tmp_path: Path) -> None:
    """Every sealed byte of a slip is gone from the database file and its log, and the keys are gone from the folder."""
    await city.submit_many(6)
    file = city.database.file
    assert file is not None
    async with city.database.reading() as tx:
        from sqlalchemy import select

        from storage.tables import slips

        sealed = [bytes(row.sealed) for row in await tx.rows(select(slips.c.sealed))]
    assert all(slip[:24] in bytes_on_disk(file) for slip in sealed)
    city.release_time()
    await city.releasing.release_due()
    left = bytes_on_disk(file)
    assert not any(slip[:24] in left or slip[-24:] in left for slip in sealed)
    assert BLOCK not in city.keys.blocks()


async def test_slips_of_a_running_block_stay(city: City) -> None:
    """After a week that is not the block's last, slips and keys are still needed."""
    city.clock.now = at("2026-09-23 10:00")
    await city.submit_many(1)
    city.release_time(Week(2026, 39))
    await city.releasing.release_due()
    assert BLOCK in city.keys.blocks()
    async with city.database.reading() as tx:
        assert await city.slips.blocks(tx) == [BLOCK]


async def test_a_restored_backup_loses_what_was_released(city: City) -> None:
    """Slips and keys of a released block that come back with a restore are dropped at the next tick."""
    city.release_time()
    await city.releasing.begin()
    await city.publish(*[_empty(W40, source) for source in Source])
    city.keys.block_front(BLOCK)
    async with city.database.transaction() as tx:
        await city.slips.add(tx, SLIP, block=BLOCK)
    await city.releasing.finish()
    assert BLOCK not in city.keys.blocks()
    async with city.database.reading() as tx:
        assert await city.slips.blocks(tx) == []


def _empty(week: Week, source: Source) -> Release:
    return Release(period=str(week), source=source, k=5, band=5, cap=3, gated=False, lattice=LATTICE.to_json(), rows=())


# ---- a lost key ----


def _lose_key(city: City) -> None:
    for file in city.keys._folder.glob("block-*.secret"):
        file.unlink()


async def test_without_its_key_a_week_stays_due(city: City) -> None:
    await city.submit_many(6)
    city.release_time()
    _lose_key(city)
    with pytest.raises(KeyMissingError, match="jianfu release --abandon"):
        await city.releasing.release_due()
    assert await city.releasing.due() == [W40]
    assert await city.published(W40) is None


async def test_a_damaged_slip_keeps_the_week_due(city: City) -> None:
    """A key that is not the one the slips were sealed to opens nothing and releases nothing."""
    await city.submit_many(2)
    city.keys.destroy_block(BLOCK)
    city.keys.block_front(BLOCK)
    city.release_time()
    with pytest.raises(SealBrokenError):
        await city.releasing.release_due()
    assert await city.releasing.due() == [W40]


async def test_an_abandoned_period_is_released_empty_and_dropped(city: City) -> None:
    await city.submit_many(6)
    city.release_time()
    _lose_key(city)
    assert await city.releasing.abandon(Block.parse(BLOCK)) == [W40]
    assert await city.shown(W40) == {}
    async with city.database.reading() as tx:
        assert await city.slips.blocks(tx) == []
    assert BLOCK not in city.keys.blocks()
    assert await city.releasing.due() == []


async def test_only_what_is_due_can_be_abandoned(city: City) -> None:
    """A week that is not over, or comes after one that was not given up, is refused."""
    await city.releasing.begin()
    with pytest.raises(ReleaseRefusedError, match="No week of 2026-W40 is due"):
        await city.releasing.abandon(W40)
    city.release_time(Week(2026, 41))
    with pytest.raises(ReleaseRefusedError, match="2026-W40 comes first"):
        await city.releasing.abandon(Week(2026, 41))


async def test_after_abandoning_a_week_the_block_goes_on_with_a_new_key(city: City) -> None:
    city.clock.now = at("2026-09-23 10:00")
    await city.submit_many(6)
    city.release_time(Week(2026, 39))
    _lose_key(city)
    await city.releasing.abandon(Week(2026, 39))
    await city.submit_many(6)
    city.release_time()
    await city.releasing.release_due()
    assert (await city.shown(W40))[("haidian", "all")] == (5, 9)


# ---- the gate ----


class HidesTheCity:
    """A gate that hides every row of the root."""

    def __init__(self) -> None:
        self.earlier: list[list[str]] = []

    def review(self, candidate: Release, earlier: Sequence[Release]) -> Release:
        """Remember what was shown before, and hide."""
        self.earlier.append([f"{release.period} {release.source}" for release in earlier])
        return replace(candidate, gated=True, rows=tuple(row for row in candidate.rows if row.region != "city"))


async def test_the_gate_decides_what_is_published(database: Database, keys: Keys, clock: FakeClock) -> None:
    """It sees the candidate and the earlier releases of the block and source; without one nothing counts as gated."""
    clock.now = at("2026-09-23 10:00")
    gate = HidesTheCity()
    city = City(database, keys, clock, gate=gate)
    await city.submit_many(5)
    city.release_time(Week(2026, 41))
    await city.releasing.release_due()
    released = await city.published(Week(2026, 39))
    assert released is not None
    assert released.gated
    assert {row.region for row in released.rows} == {"haidian"}
    assert gate.earlier == [[], [], ["2026-W39 chat"], ["2026-W39 import"], [], []]
