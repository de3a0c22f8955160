"""One week's way: reports in the chat, the week's end, the digest at the supervisor, once."""

from __future__ import annotations

import asyncio
import io
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import Terminal, build_service
from bot.settings import Settings
from bot.store import Store, opened_store, subscribing
from bot.understanding import Understanding, understanding
from domain.role import Role
from tests.fakes.bot_api import BotApiServer
from tests.fakes.clock import FakeClock
from tests.fakes.crowd import Crowd
from tests.fakes.process import settings_from, telegram_environment

pytestmark = [pytest.mark.long, pytest.mark.timeout(120)]

_TEXT = "校长让我们每天在学习强国打卡，截图发到群里，积分算进评优，第{}天了。"
_SUPERVISOR, _REVOKED, _ADMINISTRATOR = 5_550_001, 5_550_002, 5_550_003
_PAST_THE_RELEASE = timedelta(days=8)


class City:
    """A service on a fake clock, started and stopped at will on one store."""

    def __init__(self, api: BotApiServer, settings: Settings, reader: Understanding, clock: FakeClock) -> None:
        self.api = api
        self.clock = clock
        self._settings = settings
        self._reader = reader

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Store]:
        """The store while no service runs."""
        async with opened_store(self._settings) as store:
            yield store

    async def invitation(self, role: Role, region: str | None) -> str:
        """Return what an invited person sends."""
        async with self.opened() as store:
            people = subscribing(self._settings, store)
            return f"/join {await people.invite(role, region, now=self.clock())}"

    async def run(self, *until: Callable[[], Any]) -> None:
        """Run the service until all of these, one after the other, are true; then stop it."""
        stop = asyncio.Event()
        terminal = Terminal(descriptor=None, output=io.StringIO(), echo=False)
        async with opened_store(self._settings, alone=True) as store:
            service = build_service(self._settings, store, self._reader, clock=self.clock, terminal=terminal)
            running = asyncio.create_task(service.run(stop))
            try:
                for true in until:
                    await self._wait(true, running)
            finally:
                stop.set()
                await asyncio.wait_for(running, 10)

    @staticmethod
    async def _wait(true: Callable[[], Any], running: asyncio.Task[None]) -> None:
        end = time.monotonic() + 30
        while not await asyncio.to_thread(true):
            if running.done():
                running.result()
            assert time.monotonic() < end, "it did not happen in time"
            await asyncio.sleep(0.05)

    def said(self, person: int, words: str) -> int:
        """Count the messages to a person that hold these words."""
        return sum(words in text for text in self.api.texts(person))


@pytest.fixture(scope="module")
def reader() -> Understanding:
    """What reads texts, built once."""
    return understanding(settings_from({"JIANFU_REGIONS": '[{"id": "city", "name": "示例市"}]'}))


@pytest.fixture
def city(api: BotApiServer, folder: Path, reader: Understanding, clock: FakeClock) -> City:
    """A city of six districts whose digests are sent without the gate, as in a trial."""
    settings = settings_from(telegram_environment(folder, api, {"JIANFU_RELEASE__PUSH_WITHOUT_GATE": "true"}))
    return City(api, settings, reader, clock)


def _follow(crowd: Crowd) -> Callable[[], bool]:
    def followed() -> bool:
        crowd.go_on()
        return crowd.done == len(crowd.people)

    return followed


async def test_a_week_of_reports_becomes_one_digest_at_the_supervisor(city: City) -> None:
    """Eight people's reports arrive as a band, once, also after a restart; who was removed gets nothing."""
    api = city.api
    api.say(_SUPERVISOR, await city.invitation(Role.SUPERVISOR, "haidian"))
    api.say(_REVOKED, await city.invitation(Role.SUPERVISOR, "haidian"))
    api.say(_ADMINISTRATOR, await city.invitation(Role.ADMINISTRATOR, None))
    crowd = Crowd(api, [_TEXT.format(day) for day in range(8)])
    crowd.write()
    everybody = (_SUPERVISOR, _REVOKED, _ADMINISTRATOR)
    await city.run(lambda: all(city.said(one, "已加入") == 1 for one in everybody), _follow(crowd))
    crowd.check_receipts()
    async with city.opened() as store:
        people = subscribing(city._settings, store)
        (gone,) = [staff.id for staff in await people.people() if staff.address == str(_REVOKED)]
        assert await people.revoke(gone)

    city.clock.advance(_PAST_THE_RELEASE)
    await city.run(lambda: city.said(_SUPERVISOR, "减负哨周报") == 1)
    digest = next(text for text in api.texts(_SUPERVISOR) if "减负哨周报" in text)
    assert "海淀区" in digest
    assert digest.count("本周有 5–9 个账号反映了额外负担") == 2  # the district's own, and the city's
    assert "试用数据" in digest

    api.say(_ADMINISTRATOR, "/stats 2026-W40 海淀")
    api.say(_SUPERVISOR, "/digest")
    api.say(_REVOKED, "/digest")
    await city.run(
        lambda: city.said(_ADMINISTRATOR, "5–9 个账号") == 1,
        lambda: city.said(_REVOKED, "只给受邀的督导和管理员用") == 1,
        lambda: city.said(_SUPERVISOR, "减负哨周报") == 2,
    )
    assert city.said(_SUPERVISOR, "本周有 5–9 个账号") == 2  # pushed once, and asked for once
    assert city.said(_REVOKED, "减负哨周报") == 0
    assert city.said(_ADMINISTRATOR, "减负哨周报") == 0


async def test_without_the_setting_an_ungated_digest_stays_at_home(
    api: BotApiServer, folder: Path, reader: Understanding, clock: FakeClock
) -> None:
    """A release that did not pass the gate is pushed to nobody; switching the setting on later sends no old week."""
    environment: Mapping[str, str] = telegram_environment(folder, api)
    careful = City(api, settings_from(environment), reader, clock)
    api.say(_SUPERVISOR, await careful.invitation(Role.SUPERVISOR, None))
    crowd = Crowd(api, [_TEXT.format(day) for day in range(6)])
    crowd.write()
    await careful.run(lambda: careful.said(_SUPERVISOR, "已加入") == 1, _follow(crowd))
    clock.advance(_PAST_THE_RELEASE)
    api.say(_SUPERVISOR, "/help")
    await careful.run(lambda: careful.said(_SUPERVISOR, "/digest 看最近一期周报") == 1)
    eager = City(api, settings_from({**environment, "JIANFU_RELEASE__PUSH_WITHOUT_GATE": "true"}), reader, clock)
    api.say(_SUPERVISOR, "/privacy")
    await eager.run(lambda: eager.said(_SUPERVISOR, "谁能看到什么，说实话") == 1)
    assert eager.said(_SUPERVISOR, "减负哨周报") == 0
    assert "JIANFU_TELEGRAM__TOKEN" not in os.environ
