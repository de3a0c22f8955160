"""Each tick does what is due; a failure is told once and tried again, and ends nothing."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import AbstractAsyncContextManager

import pytest

from domain.errors import StorageError
from domain.release import Release
from domain.role import Role
from domain.week import Week
from storage.database import Database, Transaction
from storage.keys import Keys
from tests.bot.services.week_examples import W40, City, at
from tests.fakes.clock import FakeClock

BLOCK = "2026-W37..W40"


@pytest.fixture
async def city(database: Database, keys: Keys, clock: FakeClock) -> City:
    made = City(database, keys, clock, push_without_gate=True)
    await made.join("ling", Role.SUPERVISOR)
    await made.join("admin", Role.ADMINISTRATOR, "city")
    await made.submit_many(6)
    return made


async def _texts(city: City) -> list[tuple[str, str]]:
    return [(address, json.loads(payload)["text"]) for address, payload in await city.waiting()]


async def test_a_tick_releases_announces_and_destroys(city: City) -> None:
    """When a week's time has come, one tick does everything, and the next one nothing."""
    city.release_time()
    for _ in range(2):
        await city.scheduling.tick()
    assert (await city.shown(W40))[("haidian", "all")] == (5, 9)
    assert BLOCK not in city.keys.blocks()
    assert [address for address, _ in await _texts(city)] == ["ling"]


async def test_before_its_time_a_tick_releases_nothing(city: City) -> None:
    await city.scheduling.tick()
    assert await city.published(W40) is None


async def test_a_lost_key_is_told_to_administrators_once_and_the_rest_goes_on(
    city: City, caplog: pytest.LogCaptureFixture
) -> None:
    """The week stays due, expiry still runs, and the message says what to do without a number."""
    city.release_time()
    for file in city.keys._folder.glob("block-*.secret"):
        file.unlink()
    with caplog.at_level(logging.ERROR, logger="jianfu"):
        for _ in range(3):
            await city.scheduling.tick()
    assert await _texts(city) == [
        ("admin", "减负哨：2026-W40 还没能发布（这一期的密钥读不到或不对），请在服务器上运行 jianfu release 查看。")
    ]
    assert len(caplog.records) == 3
    assert await city.releasing.due() == [W40]
    async with city.database.transaction() as tx:
        assert await city.slips.shuffle(tx) == 0


async def test_a_clock_far_ahead_releases_nothing_for_good(city: City) -> None:
    """It deletes no report either; with the clock right again the week is released as if nothing had been."""
    city.clock.now = at("2031-01-15 10:00")
    for _ in range(2):
        await city.scheduling.tick()
    (told,) = await _texts(city)
    assert told[0] == "admin"
    assert "钟不对" in told[1]
    async with city.database.reading() as tx:
        assert await city.reports.count(tx) == 6
    city.release_time()
    await city.scheduling.tick()
    assert (await city.shown(W40))[("haidian", "all")] == (5, 9)
    assert await city.releasing.due() == []


async def test_a_summer_without_the_service_is_caught_up(city: City) -> None:
    city.clock.now = at("2026-12-30 10:00")
    await city.scheduling.tick()
    assert await city.published(Week(2026, 52)) is not None


async def test_a_failing_database_does_not_end_the_loop(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """While every statement fails the loop goes on, and it releases as soon as they work again."""
    city.release_time()
    stop = asyncio.Event()
    failures = 6
    reading = city.database.reading
    published = city.releases.publish

    def fail_at_first() -> AbstractAsyncContextManager[Transaction]:
        nonlocal failures
        failures -= 1
        if failures > 0:
            raise StorageError("The database is locked.")
        return reading()

    async def publish_and_stop(tx: Transaction, release: Release) -> None:
        await published(tx, release)
        stop.set()

    monkeypatch.setattr(city.database, "reading", fail_at_first)
    monkeypatch.setattr(city.releases, "publish", publish_and_stop)
    async with asyncio.timeout(10):
        await city.scheduling.run(stop)
    assert ("haidian", "all") in await city.shown(W40)


async def test_stopping_ends_the_loop_at_once(city: City) -> None:
    stop = asyncio.Event()
    slow = City(city.database, city.keys, city.clock).scheduling
    slow._tick_seconds = 3600
    running = asyncio.create_task(slow.run(stop))
    await asyncio.sleep(0.05)
    stop.set()
    async with asyncio.timeout(5):
        await running
