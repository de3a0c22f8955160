"""All development reports, as different people at once, against the started program; also through kills."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.fakes.bot_api import BotApiServer
from tests.fakes.crowd import Crowd, development_reports
from tests.fakes.process import Kept, Running, disclosed, kept, telegram_environment, webhook_environment

pytestmark = [pytest.mark.long, pytest.mark.timeout(240)]

_REPORTS = 352


def _check(crowd: Crowd, environment: Mapping[str, str], log: str) -> None:
    """Fail unless everybody has one receipt of one stored report, and the log says nothing about anybody."""
    crowd.check_receipts()
    people = len(crowd.people)
    assert asyncio.run(kept(environment, crowd.receipts)) == Kept(reports=people, found=people, inbox=0)
    assert disclosed(log, [*crowd.markers, environment["JIANFU_TELEGRAM__TOKEN"]]) == []


@pytest.mark.parametrize("environment_for", [telegram_environment, webhook_environment], ids=["polling", "webhook"])
def test_every_development_report_ends_with_one_receipt_and_one_stored_report(
    api: BotApiServer, folder: Path, environment_for: Callable[[Path, BotApiServer], dict[str, str]]
) -> None:
    """352 people at once each get exactly one receipt code, and 352 reports are stored."""
    environment = environment_for(folder, api)
    texts = development_reports()
    assert len(texts) == _REPORTS
    crowd = Crowd(api, texts)
    with Running(folder, environment) as service:
        crowd.write()
        crowd.follow()
        assert service.stop() == 0
    _check(crowd, environment, service.log)


def test_kills_in_the_middle_lose_and_double_nothing(api: BotApiServer, folder: Path) -> None:
    """Killed while texts are being read, and again while receipts go out, the restarted program finishes all."""
    environment = telegram_environment(folder, api)
    crowd = Crowd(api, development_reports())
    with Running(folder, environment) as service:
        crowd.write()
        crowd.follow(until=lambda: len(api.calls("sendMessage")) > 60)
        service.kill()
        assert crowd.done < _REPORTS
        service.start()
        crowd.follow(until=lambda: crowd.done > 100)
        service.kill()
        assert crowd.done < _REPORTS
        service.start()
        crowd.follow()
        assert service.stop() == 0
    _check(crowd, environment, service.log)


def test_kills_by_webhook_lose_and_double_nothing(api: BotApiServer, folder: Path) -> None:
    """What was answered with 200 survives a kill; what was not is delivered again and taken once."""
    environment = webhook_environment(folder, api)
    crowd = Crowd(api, development_reports()[:60])
    with Running(folder, environment) as service:
        crowd.write()
        crowd.follow(until=lambda: len(api.calls("sendMessage")) > 20)
        service.kill()
        service.start()
        crowd.follow(until=lambda: crowd.done > 20)
        service.kill()
        service.start()
        crowd.follow()
        assert service.stop() == 0
    _check(crowd, environment, service.log)


def test_a_stop_in_the_middle_is_quick_and_leaves_nothing_unhandled(api: BotApiServer, folder: Path) -> None:
    """SIGTERM ends the busy program within five seconds with exit 0; the next start answers what was left."""
    environment = telegram_environment(folder, api)
    crowd = Crowd(api, development_reports()[:120])
    with Running(folder, environment) as service:
        crowd.write()
        crowd.follow(until=lambda: len(api.calls("sendMessage")) > 30)
        assert service.stop(seconds=5) == 0
        service.start()
        crowd.follow()
        assert service.stop(seconds=5) == 0
    _check(crowd, environment, service.log)


def test_trouble_on_the_way_costs_time_and_nothing_else(api: BotApiServer, folder: Path) -> None:
    """Conflicts, rate limits, server errors and broken connections lose and double no report."""
    environment = telegram_environment(folder, api)
    crowd = Crowd(api, development_reports()[:40], patience=8)
    with Running(folder, environment) as service:
        api.fail("getUpdates", code=409, description="Conflict: terminated by other getUpdates request")
        api.fail("sendMessage", times=3, code=429, description="Too Many Requests: retry after 1", retry_after=1)
        crowd.write()
        crowd.follow(until=lambda: len(api.calls("sendMessage")) > 10)
        api.fail("sendMessage", times=3, code=502, page="<html>Bad Gateway</html>")
        api.fail("sendMessage", times=3, code=500, description="Internal Server Error")
        api.fail("sendMessage", times=3, drop="before")
        api.fail("sendMessage", times=3, drop="after")
        api.fail("getUpdates", times=2, drop="after")
        api.fail("answerCallbackQuery", times=5, code=500, description="Internal Server Error")
        api.fail("editMessageReplyMarkup", times=5, drop="before")
        crowd.follow(until=lambda: crowd.done > 20)
        api.stop()
        api.start()
        crowd.follow()
        assert service.stop() == 0
    _check(crowd, environment, service.log)


def test_a_full_disk_delays_and_loses_nothing(api: BotApiServer, folder: Path) -> None:
    """While the database cannot grow nothing is confirmed to Telegram; with room again everything is handled."""
    resource = pytest.importorskip("resource", reason="this system has no limits for file sizes")
    environment = telegram_environment(folder, api)
    crowd = Crowd(api, development_reports()[:30], patience=20)
    with Running(folder, environment) as service:
        old = resource.prlimit(service.pid, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        crowd.write()
        crowd.follow(until=lambda: "updates-not-stored" in service.log, seconds=20)
        assert len(api.waiting()) == len(crowd.people)
        assert crowd.done == 0
        resource.prlimit(service.pid, resource.RLIMIT_FSIZE, old)
        crowd.follow()
        assert service.stop() == 0
    _check(crowd, environment, service.log)
