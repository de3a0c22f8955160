"""What the channel tests share: a Bot API on loopback, and channels that talk to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from typing import Any

import pytest

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_polling import Timings
from tests.fakes.bot_api import BotApiServer, Control
from tests.fakes.stored_updates import Stored

QUICK = Timings(poll=5, request=0.4, pauses=(0.02, 0.04), conflict=0.05, storage=0.02)
_numbers = count(1001)


@pytest.fixture(scope="session")
def bot_api_server() -> Iterator[BotApiServer]:
    """One server for the run."""
    with BotApiServer() as server:
        yield server


@pytest.fixture
def api(bot_api_server: BotApiServer) -> Iterator[Control]:
    """The people's side of a bot of this test alone."""
    control = Control(bot_api_server.url, token=f"{next(_numbers)}:fake-token")
    control.add_bot(control.token)
    yield control
    control.close()


@pytest.fixture
async def make_channel(api: Control) -> AsyncIterator[Callable[..., TelegramChannel]]:
    """Make Telegram channels that talk to `api`; closed after the test."""
    made: list[TelegramChannel] = []

    def make(**changes: Any) -> TelegramChannel:
        given: dict[str, Any] = {
            "token": api.token,
            "per_second": 10_000,
            "per_chat_per_second": 10_000,
            "menus": {},
            "base_url": api.base_url,
            "base_file_url": api.base_file_url,
            "timings": QUICK,
        }
        channel = TelegramChannel(**(given | changes))
        made.append(channel)
        return channel

    yield make
    for channel in made:
        await channel.close()


@pytest.fixture
def telegram(make_channel: Callable[..., TelegramChannel]) -> TelegramChannel:
    """A Telegram channel that talks to `api`."""
    return make_channel()


@pytest.fixture
def stored() -> Stored:
    """An empty inbox."""
    return Stored()
