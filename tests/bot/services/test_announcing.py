"""Each released week is announced once, to the supervisors of that moment."""

from __future__ import annotations

import json
import logging

import pytest

from domain.lattice import ALL, Node
from domain.report import Source
from domain.role import Role
from domain.week import Week
from storage.database import Database, Transaction
from storage.keys import Keys
from tests.bot.services.week_examples import W40, City, release_of
from tests.fakes.clock import FakeClock


@pytest.fixture
async def city(database: Database, keys: Keys, clock: FakeClock) -> City:
    made = City(database, keys, clock)
    await made.join("ling", Role.SUPERVISOR)
    await made.join("wen", Role.SUPERVISOR, "chaoyang")
    await made.join("admin", Role.ADMINISTRATOR, "city")
    return made


async def _publish(city: City, week: Week, *, gated: bool = True) -> None:
    bands = {Node("haidian", ALL): 8, Node("city", ALL): 11}
    await city.publish(
        release_of(str(week), bands, gated=gated), release_of(str(week), {}, source=Source.IMPORT, gated=gated)
    )


async def _titles(city: City) -> list[tuple[str, str]]:
    return [(address, json.loads(payload)["text"].splitlines()[0]) for address, payload in await city.waiting()]


async def test_every_supervisor_gets_the_digest_of_the_own_region_once(city: City) -> None:
    """Administrators get none; a second tick adds nothing."""
    await _publish(city, W40)
    assert await city.announcing.announce() == 2
    assert await city.announcing.announce() == 0
    assert sorted(await _titles(city)) == [
        ("ling", "减负哨周报 · 海淀区 · 2026-W40（2026-09-28 至 2026-10-04）"),
        ("wen", "减负哨周报 · 朝阳区 · 2026-W40（2026-09-28 至 2026-10-04）"),
    ]


async def test_weeks_released_during_a_downtime_are_announced_in_order(city: City) -> None:
    weeks = [W40, W40.next(), W40.next().next()]
    for week in weeks:
        await _publish(city, week)
    await city.announcing.announce()
    mine = [title for address, title in await _titles(city) if address == "ling"]
    assert [title.split(" · ")[2][:8] for title in mine] == [str(week) for week in weeks]


async def test_who_joins_later_gets_only_what_is_released_afterwards(city: City) -> None:
    await _publish(city, W40)
    await city.announcing.announce()
    await city.join("late", Role.SUPERVISOR)
    await city.announcing.announce()
    assert "late" not in dict(await city.waiting())
    await _publish(city, W40.next())
    await city.announcing.announce()
    assert "late" in dict(await city.waiting())


async def test_what_passed_no_gate_is_not_pushed_and_said_once(city: City, caplog: pytest.LogCaptureFixture) -> None:
    """The decision is made once: a later change of the setting sends no old week."""
    await _publish(city, W40, gated=False)
    with caplog.at_level(logging.WARNING, logger="jianfu"):
        await city.announcing.announce()
        await city.announcing.announce()
    assert [record.getMessage() for record in caplog.records] == ["digest-withheld"]
    lax = City(city.database, city.keys, city.clock, push_without_gate=True)
    assert await lax.announcing.announce() == 0
    assert await city.waiting() == []


async def test_a_demonstration_may_push_without_a_gate(city: City) -> None:
    """The digest then says that it is trial data."""
    lax = City(city.database, city.keys, city.clock, push_without_gate=True)
    await _publish(lax, W40, gated=False)
    assert await lax.announcing.announce() == 2
    assert all("试用数据" in payload for _, payload in await lax.waiting())


async def test_a_kill_in_the_middle_announces_to_nobody_and_then_to_all(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies after the first of two digests leaves neither; the next one puts both."""
    await _publish(city, W40)
    put = city.delivering.put_once
    calls = 0

    async def die_at_the_second(tx: Transaction, *arguments: object, **named: object) -> bool:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise RuntimeError("killed")
        return await put(tx, *arguments, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as killing:
        killing.setattr(city.delivering, "put_once", die_at_the_second)
        with pytest.raises(RuntimeError):
            await city.announcing.announce()
    assert await city.waiting() == []
    again = City(city.database, city.keys, city.clock)
    assert await again.announcing.announce() == 2
