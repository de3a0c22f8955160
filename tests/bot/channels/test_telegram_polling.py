"""The own getUpdates loop against a Bot API on loopback."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.telegram import TelegramChannel
from domain.errors import ChannelRefusedError, InvalidEnvelopeError
from domain.message import InboundKind
from tests.bot.channels.conftest import QUICK
from tests.fakes.bot_api import BotApiServer, Control
from tests.fakes.stored_updates import Stored, parsed, running, until

Make = Callable[..., TelegramChannel]


def _offsets(api: Control) -> list[Any]:
    return [call["parameters"].get("offset") for call in api.calls("getUpdates")]


async def test_updates_are_stored_and_then_confirmed(api: Control, telegram: TelegramChannel, stored: Stored) -> None:
    """What waited before the start and what comes later is stored once, in order, and only then confirmed."""
    early = [api.say(5, "一"), api.say(6, "二")]
    async with running(telegram, stored):
        await until(lambda: not api.waiting())
        late = api.say(5, "三")
        await until(lambda: len(stored.entries) == 3 and not api.waiting())
    assert stored.keys == [str(update["update_id"]) for update in (*early, late)]
    assert [json.loads(payload) for _, _, payload in stored.entries] == [*early, late]
    assert _offsets(api)[:2] == [None, str(early[-1]["update_id"] + 1)]


async def test_only_the_kinds_that_are_read_are_asked_for(
    api: Control, telegram: TelegramChannel, stored: Stored
) -> None:
    """Telegram is told to send nothing else."""
    async with running(telegram, stored):
        await until(lambda: api.calls("getUpdates"))
    asked = api.calls("getUpdates")[0]["parameters"]
    assert json.loads(asked["allowed_updates"]) == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert asked["timeout"] == "5"


async def test_nothing_is_confirmed_that_could_not_be_stored(
    api: Control, telegram: TelegramChannel, stored: Stored
) -> None:
    """While the database fails the same updates are offered to it again, and no offset is sent."""
    stored.failures = 3
    update = api.say(5, "一")
    async with running(telegram, stored):
        await until(lambda: stored.calls == 3)
        assert _offsets(api) == [None]
        await until(lambda: not api.waiting())
    assert stored.calls == 4
    assert stored.keys == [str(update["update_id"])]
    assert _offsets(api)[1] == str(update["update_id"] + 1)


async def test_a_stop_while_the_database_fails_leaves_the_updates_at_telegram(
    api: Control, make_channel: Make, stored: Stored
) -> None:
    """They come again to the next start."""
    stored.failures = 10**6
    api.say(5, "一")
    async with running(make_channel(), stored):
        await until(lambda: stored.calls > 1)
    assert len(api.waiting()) == 1
    stored.failures = 0
    async with running(make_channel(), stored):
        await until(lambda: not api.waiting())
    assert len(stored.keys) == 1


async def test_an_unconfirmed_update_comes_again_after_a_restart(
    api: Control, make_channel: Make, stored: Stored
) -> None:
    """Stored but not yet confirmed, it has the same key both times, by which the inbox knows it."""
    api.say(5, "一")
    async with running(make_channel(), stored):
        await until(lambda: stored.keys)
    async with running(make_channel(), stored):
        await until(lambda: not api.waiting())
    assert len(set(stored.keys)) == 1


async def test_an_odd_update_does_not_hold_up_its_batch(
    api: Control, telegram: TelegramChannel, stored: Stored
) -> None:
    """The updates around one that cannot be parsed are stored and read."""
    api.say(5, "前")
    api.inject({"message": {"message_id": "?", "chat": 7}})
    api.inject({"a_kind_of_the_future": {"id": 3}})
    api.inject({"message": {"from": {"id": 1}}})
    api.say(5, "后")
    async with running(telegram, stored):
        await until(lambda: not api.waiting())
    read: list[str] = []
    for _, key, payload in stored.entries:
        try:
            inbound = telegram.parse(key, payload)
        except InvalidEnvelopeError:
            read.append("odd")
        else:
            read.append(inbound.text if inbound else "nothing")
    assert read == ["前", "odd", "nothing", "odd", "后"]


async def test_an_update_without_a_number_is_stored_and_the_loop_does_not_spin(
    api: Control, make_channel: Make, stored: Stored
) -> None:
    """It cannot be confirmed, so it comes again after the longest pause only."""
    api.inject({"update_id": None, "message": {}})
    channel = make_channel(timings=replace(QUICK, pauses=(0.01, 0.3)))
    async with running(channel, stored):
        await until(lambda: stored.keys)
        await asyncio.sleep(0.1)
        assert len(stored.keys) == 1
    assert stored.keys[0].startswith("odd-")


@pytest.mark.parametrize(
    "fault",
    [
        {"code": 500, "description": "Internal Server Error"},
        {"code": 502, "page": "<html>Bad Gateway</html>"},
        {"code": 503, "page": "[]"},
        {"code": 200, "page": "<html>Log in to this network</html>"},
        {"code": 200, "page": "[]"},
        {"code": 200, "page": '{"ok":true,"result":{}}'},
        {"drop": "before"},
        {"drop": "after"},
    ],
)
async def test_a_failing_platform_is_asked_again(
    api: Control, telegram: TelegramChannel, stored: Stored, fault: dict[str, Any]
) -> None:
    """Broken connections, 5xx and pages of strangers are waited out, and nothing is lost."""
    api.fail("getUpdates", times=3, **fault)
    api.say(5, "一")
    async with running(telegram, stored):
        await until(lambda: not api.waiting())
        assert telegram.health.up
    assert len(stored.keys) == 1


async def test_a_long_poll_that_never_answers_is_given_up(api: Control, make_channel: Make, stored: Stored) -> None:
    """After the long poll and the time of a call have passed it is asked anew."""
    channel = make_channel(timings=replace(QUICK, poll=0, request=0.15))
    api.fail("getUpdates", delay=1.0)
    async with running(channel, stored):
        await until(lambda: len(api.calls("getUpdates")) >= 1)
        api.say(5, "一")
        await until(lambda: not api.waiting())
    assert len(stored.keys) == 1


async def test_retry_after_is_obeyed(api: Control, telegram: TelegramChannel, stored: Stored) -> None:
    """After 429 nothing is asked before the time that Telegram names."""
    api.fail("getUpdates", code=429, retry_after=1)
    async with running(telegram, stored):
        await until(lambda: api.calls("getUpdates"))
        await until(lambda: telegram.health.word == "rate-limited")
        await until(lambda: len(api.calls("getUpdates")) == 2)
    first, second = (call["at"] for call in api.calls("getUpdates"))
    assert second - first >= 1


async def test_a_second_poller_is_reported_and_given_way(
    api: Control, make_channel: Make, caplog: pytest.LogCaptureFixture
) -> None:
    """Two programs with one token: each conflict is an error in the log, and the one that hears of it backs off."""
    caplog.set_level(logging.INFO, logger="jianfu")
    one, other = Stored(), Stored()
    slow = replace(QUICK, conflict=60)
    first = make_channel(timings=slow)
    async with running(first, one):
        await until(lambda: api.calls("getUpdates"))
        async with running(make_channel(timings=slow), other):
            await until(lambda: first.health.word == "conflict")
            api.say(5, "一")
            await until(lambda: not api.waiting())
    assert (len(one.keys), len(other.keys)) == (0, 1)
    assert len(api.calls("getUpdates")) == 3
    assert any(entry.message == "polling-conflict" and entry.levelno == logging.ERROR for entry in caplog.records)


async def test_a_webhook_is_deleted_first_and_what_waits_is_kept(
    api: Control, make_channel: Make, stored: Stored
) -> None:
    """A bot that ran by webhook before can be polled, without losing anything."""
    webhook = make_channel(mode="webhook", webhook_url="http://127.0.0.1:9/gone", secret_token="s")
    async with running(webhook, Stored()):
        await until(lambda: api.webhook()["url"])
    api.say(5, "一")
    async with running(make_channel(), stored):
        await until(lambda: not api.waiting())
    assert api.webhook()["url"] == ""
    assert len(stored.keys) == 1


@pytest.mark.parametrize("token", ["1:unknown", "malformed"])
async def test_a_wrong_token_takes_the_channel_down(
    make_channel: Make, stored: Stored, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is not repeated; the error says what to do and does not name the token."""
    caplog.set_level(logging.DEBUG)
    channel = make_channel(token=token)
    with pytest.raises(ChannelRefusedError) as caught:
        await asyncio.wait_for(channel.run(stored.receive, asyncio.Event()), 5)
    assert "[telegram] token" in str(caught.value)
    assert (channel.health.up, channel.health.word) == (False, "refused")
    ours = [entry for entry in caplog.records if entry.name == "jianfu"]
    assert ours
    assert token not in str(caught.value) + "".join(str(entry.__dict__) for entry in ours)


async def test_telegram_may_be_away_at_the_start_and_in_the_middle(make_channel: Make, stored: Stored) -> None:
    """The loop goes on by itself when the network is back."""
    with BotApiServer() as server:
        server.stop()
        channel = make_channel(token=server.token, base_url=server.base_url)
        async with running(channel, stored):
            await until(lambda: channel.health.word == "unreachable")
            server.start()
            await until(lambda: channel.health.up)
            server.say(5, "一")
            await until(lambda: len(stored.keys) == 1)
            server.stop()
            await until(lambda: channel.health.word == "unreachable")
            server.start()
            server.say(5, "二")
            await until(lambda: len(set(stored.keys)) == 2)


async def test_a_stop_ends_a_long_poll_at_once(api: Control, make_channel: Make, stored: Stored) -> None:
    """Nobody waits for the end of a long poll."""
    channel = make_channel(timings=replace(QUICK, poll=50))
    loop = asyncio.get_running_loop()
    async with running(channel, stored):
        await until(lambda: api.calls("getUpdates"))
        begun = loop.time()
    assert loop.time() - begun < 1


async def test_everything_people_do_arrives(api: Control, telegram: TelegramChannel, stored: Stored) -> None:
    """Texts, commands, files, edits, groups, presses and blocking come through as what they are."""
    said = api.say(5, "/start haidian")
    async with running(telegram, stored):
        await until(lambda: not api.waiting())
        api.say(5, sticker={"file_id": "f", "file_unique_id": "u", "type": "regular", "width": 1, "height": 1,
                            "is_animated": False, "is_video": False})  # fmt: skip
        api.edit(5, said["message"]["message_id"], "改了")
        api.say(5, "群里说", chat={"id": -9, "type": "group", "title": "G"})
        api.press(5, said["message"]["message_id"], "submit.x", stale=True)
        api.press(5, said["message"]["message_id"], "submit.x", stale=True)
        api.block(5)
        await until(lambda: not api.waiting())
    kinds = [inbound.kind for inbound in parsed(telegram, stored) if inbound]
    assert kinds == [
        InboundKind.COMMAND,
        InboundKind.UNSUPPORTED,
        InboundKind.EDITED,
        InboundKind.ELSEWHERE,
        InboundKind.CHOICE,
        InboundKind.CHOICE,
        InboundKind.BLOCKED,
    ]
