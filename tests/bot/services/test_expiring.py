"""What is past its keep-by date goes, old day keys with it; what still waits moves on."""

from __future__ import annotations

import logging
from datetime import UTC, date, timedelta

import pytest

from domain.report import ReportState
from storage.database import Database
from storage.keys import Keys
from tests.bot.services.week_examples import City, at, report
from tests.fakes.clock import FakeClock


@pytest.fixture
def city(database: Database, keys: Keys, clock: FakeClock) -> City:
    return City(database, keys, clock)


async def test_reports_go_after_their_keep_by_month(city: City) -> None:
    """No report is kept longer than promised, and one that is not due yet stays."""
    old, _ = await city.submit("one")
    city.clock.advance(timedelta(days=90))
    new, _ = await city.submit("two")
    city.clock.now = at("2027-09-30 10:00")
    await city.expiring.expire()
    async with city.database.reading() as tx:
        assert await city.reports.by_receipt(tx, old) is None
        kept = await city.reports.by_receipt(tx, new)
    assert kept is not None
    assert kept.state is ReportState.STORED


async def test_a_day_key_is_gone_within_48_hours(city: City) -> None:
    """It lives through the following day, for drafts of 24 hours, and is destroyed before 48 hours are over."""
    city.clock.now = at("2026-09-30 00:00")
    city.keys.day(date(2026, 9, 30))
    await city.expiring.expire()
    city.clock.now = at("2026-10-01 23:54")
    await city.expiring.expire_due()
    assert date(2026, 9, 30) in city.keys.days()
    city.clock.now = at("2026-10-01 23:59")
    await city.expiring.expire_due()
    assert city.keys.days() == [date(2026, 10, 1)]


async def test_a_key_of_a_clock_that_was_ahead_does_not_live_on(city: City) -> None:
    """What was sealed under it moves to today's key; the marks of today stay."""
    right = city.clock()
    async with city.database.transaction() as tx:
        await city.inbox.add(tx, [("telegram", "update-1", b"today")], today=right.date())
        await city.inbox.add(tx, [("telegram", "update-2", b"ahead")], today=date(2031, 1, 15))
    await city.expiring.expire()
    assert city.keys.days() == [right.date()]
    async with city.database.transaction() as tx:
        assert {update.payload for update in await city.inbox.waiting(tx)} == {b"today", b"ahead"}
        assert await city.inbox.add(tx, [("telegram", "update-1", b"today")], today=right.date()) == []


async def test_the_write_ahead_log_does_not_keep_the_day(city: City) -> None:
    """Each call empties it: its order would tell which report came with which slip."""
    await city.expiring.expire_due()
    await city.submit("one", report())
    assert city.database.file is not None
    log = city.database.file.with_name(f"{city.database.file.name}-wal")
    assert log.stat().st_size > 0
    await city.expiring.expire_due()
    assert log.stat().st_size == 0


async def test_no_number_of_reports_is_logged(city: City, caplog: pytest.LogCaptureFixture) -> None:
    """Neither of new ones nor of those that went."""
    await city.submit_many(3)
    city.clock.now = at("2028-01-01 10:00")
    with caplog.at_level(logging.INFO, logger="jianfu"):
        await city.expiring.expire()
    assert [record.fields for record in caplog.records if record.getMessage() == "expired"] == [{}]  # type: ignore[attr-defined]


async def test_what_still_waits_outlives_its_day_key(city: City) -> None:
    """An update not handled and a message not delivered move to today's key before the old one goes."""
    today = city.clock().astimezone(UTC).date()
    async with city.database.transaction() as tx:
        await city.inbox.add(tx, [("telegram", "update-1", b"not handled")], today=today)
        await city.outbox.add(tx, channel="telegram", address="a", payload=b"not delivered", order=1, now=city.clock())
    city.clock.advance(timedelta(days=3))
    await city.expiring.expire()
    assert today not in city.keys.days()
    async with city.database.reading() as tx:
        assert [update.payload for update in await city.inbox.waiting(tx)] == [b"not handled"]
    assert await city.waiting() == [("a", "not delivered")]


async def test_an_old_draft_goes_with_its_key(city: City) -> None:
    async with city.database.transaction() as tx:
        await city.drafts.save(tx, "telegram:1", b"a draft", now=city.clock())
    city.clock.advance(timedelta(hours=47, minutes=59))
    await city.expiring.expire()
    async with city.database.reading() as tx:
        from sqlalchemy import func, select

        from storage.tables import drafts

        assert await tx.value(select(func.count()).select_from(drafts)) == 0


async def test_a_draft_is_at_rest_for_a_day_and_no_longer(city: City) -> None:
    """It goes within the hour after its 24 hours, not with its key a day later."""
    from sqlalchemy import func, select

    from storage.tables import drafts

    left: list[int] = []
    for when in ("2026-09-30 09:00", "2026-10-01 08:59", "2026-10-01 10:00"):
        city.clock.now = at(when)
        if not left:
            async with city.database.transaction() as tx:
                await city.drafts.save(tx, "telegram:1", b"a draft", now=city.clock())
        await city.expiring.expire_due()
        await city.expiring.expire_due()
        async with city.database.reading() as tx:
            left.append(await tx.value(select(func.count()).select_from(drafts)))
    assert left == [1, 1, 0]


async def test_a_letter_may_come_again_once_its_report_is_gone(city: City) -> None:
    async with city.database.transaction() as tx:
        assert await city.imports.remember(tx, "letter", keep_by="2026-10")
    await city.expiring.expire()
    async with city.database.transaction() as tx:
        assert not await city.imports.remember(tx, "letter", keep_by="2026-10")
    city.clock.now = at("2026-11-01 00:10")
    await city.expiring.expire()
    async with city.database.transaction() as tx:
        assert await city.imports.remember(tx, "letter", keep_by="2026-11")


async def test_new_rows_are_rewritten_once_a_day(city: City) -> None:
    """After the day's work nothing is fresh any more, and doing it again finds nothing to do."""
    await city.submit_many(5)
    await city.expiring.expire()
    async with city.database.transaction() as tx:
        assert await city.reports.shuffle(tx) == await city.slips.shuffle(tx) == 0
        assert await city.reports.count(tx) == 5


async def test_the_days_work_is_done_once_a_day_and_again_after_a_restart(city: City) -> None:
    """A report of the same day stays fresh until the next day, unless another process begins."""
    await city.expiring.expire_due()
    await city.submit("one", report())
    await city.expiring.expire_due()
    restarted = City(city.database, city.keys, city.clock)
    async with city.database.transaction() as tx:
        rows = await city.slips.shuffle(tx)
        assert rows == 1
    await city.submit("two", report())
    await restarted.expiring.expire_due()
    async with city.database.transaction() as tx:
        assert await city.slips.shuffle(tx) == 0
