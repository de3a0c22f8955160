"""The Telegram channel as a whole: start, menus, webhook, buttons."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.channels.telegram import TelegramChannel
from domain.errors import ChannelError, ChannelRefusedError, ConfigurationError
from domain.message import Choice, Inbound, Outbound
from tests.fakes.bot_api import Control
from tests.fakes.stored_updates import Stored, parsed, running, until

Make = Callable[..., TelegramChannel]
_MENUS = {"": [("start", "开始反映"), ("help", "怎么用")], "zh": [("start", "开始反映"), ("help", "怎么用")]}


def _menu(api: Control, language: str) -> Any:
    calls = [call["parameters"] for call in api.calls("setMyCommands")]
    found = [call for call in calls if call.get("language_code", "") == language]
    return [(item["command"], item["description"]) for item in json.loads(found[-1]["commands"])] if found else None


async def test_the_menus_are_set_for_everybody_and_for_chinese(
    api: Control, make_channel: Make, stored: Stored
) -> None:
    """Both menus are at Telegram soon after the start."""
    async with running(make_channel(menus=_MENUS), stored):
        await until(lambda: len(api.calls("setMyCommands")) == 2)
    assert _menu(api, "") == _menu(api, "zh") == [("start", "开始反映"), ("help", "怎么用")]


@pytest.mark.parametrize("method", ["getMe", "setMyCommands"])
async def test_a_start_does_not_wait_for_the_menus(
    api: Control, make_channel: Make, stored: Stored, method: str
) -> None:
    """While Telegram fails at them people are heard, and the menus follow when it can."""
    api.fail(method, times=4, code=500, description="Internal Server Error")
    api.say(5, "一")
    async with running(make_channel(menus=_MENUS), stored):
        await until(lambda: stored.keys)
        await until(lambda: _menu(api, "zh"))


async def test_a_menu_that_telegram_refuses_does_not_end_the_channel(
    api: Control, make_channel: Make, stored: Stored
) -> None:
    """The refusal is logged, and people are heard."""
    async with running(make_channel(menus={"": [("Not a command", "x")]}), stored) as task:
        await until(lambda: api.calls("setMyCommands"))
        api.say(5, "一")
        await until(lambda: stored.keys)
        assert not task.done()


async def _pressed(api: Control, channel: TelegramChannel, stored: Stored, *, times: int = 1) -> Inbound:
    """Send a message with a button, press it, and return the press."""
    api.say(5, "在吗")
    await channel.send("5", Outbound(text="草稿", choices=((Choice("submit.x", "提交"),),)))
    (message,) = api.sent_to(5)
    for _ in range(times):
        api.press(5, message["message_id"], "提交")
    async with running(channel, stored):
        await until(lambda: not api.waiting())
    inbound = parsed(channel, stored)[-1]
    assert inbound is not None
    return inbound


async def test_a_press_is_answered_and_its_buttons_go_away(
    api: Control, telegram: TelegramChannel, stored: Stored
) -> None:
    """The little clock stops at once; after the answer the message keeps its words and loses its buttons."""
    inbound = await _pressed(api, telegram, stored)
    assert inbound.choice == "submit.x"
    await telegram.acknowledge(inbound)
    assert api.answered() == [inbound.button.split(":")[0]]
    await telegram.settle(inbound)
    (message,) = api.sent_to(5)
    assert message["text"] == "草稿"
    assert "reply_markup" not in message


async def test_a_button_pressed_twice_is_answered_twice_and_settled_once(
    api: Control, telegram: TelegramChannel, stored: Stored
) -> None:
    """The second press finds the buttons gone, and that is no failure."""
    await _pressed(api, telegram, stored, times=2)
    presses = [inbound for inbound in parsed(telegram, stored) if inbound and inbound.choice]
    assert len({inbound.key for inbound in presses}) == 2
    for inbound in presses:
        await telegram.acknowledge(inbound)
        await telegram.settle(inbound)
    assert len(api.answered()) == 2


async def test_a_press_that_is_too_old_is_left_alone(api: Control, telegram: TelegramChannel, stored: Stored) -> None:
    """After a long downtime nobody waits for the little clock any more."""
    inbound = await _pressed(api, telegram, stored)
    api.expire_presses()
    await telegram.acknowledge(inbound)
    assert api.answered() == []


async def test_a_failing_courtesy_is_a_channel_error(api: Control, telegram: TelegramChannel, stored: Stored) -> None:
    """The conversation logs it and goes on."""
    inbound = await _pressed(api, telegram, stored)
    api.fail("answerCallbackQuery", drop="before")
    with pytest.raises(ChannelError):
        await telegram.acknowledge(inbound)
    api.fail("editMessageReplyMarkup", code=429, retry_after=1)
    with pytest.raises(ChannelError):
        await telegram.settle(inbound)


async def test_the_webhook_is_registered_and_kept_at_the_end(api: Control, make_channel: Make, stored: Stored) -> None:
    """Address, secret and kinds are registered, after failures too; a stop leaves what waits at Telegram."""
    channel = make_channel(mode="webhook", webhook_url="http://127.0.0.1:9/telegram/webhook", secret_token="Abc-1")
    api.fail("setWebhook", times=2, code=502, page="<html></html>")
    async with running(channel, stored):
        await until(lambda: channel.health.up)
    registered = api.calls("setWebhook")[-1]["parameters"]
    assert registered["url"] == "http://127.0.0.1:9/telegram/webhook"
    assert registered["secret_token"] == "Abc-1"
    assert "my_chat_member" in json.loads(registered["allowed_updates"])
    assert registered.get("drop_pending_updates", "false") == "false"
    assert api.webhook()["url"]
    assert not api.calls("getUpdates")


async def test_an_address_telegram_cannot_reach_takes_the_channel_down(make_channel: Make, stored: Stored) -> None:
    """The error names the setting."""
    channel = make_channel(mode="webhook", webhook_url="ftp://somewhere", secret_token="s")
    with pytest.raises(ChannelRefusedError, match="webhook_url"):
        await asyncio.wait_for(channel.run(stored.receive, asyncio.Event()), 5)


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"token": "12:ab\n"}, "token"),
        ({"token": "12:ab/../x"}, "token"),
        ({"token": "12:令牌"}, "token"),
        ({"base_url": "api.telegram.org/bot"}, "base_url"),
        ({"proxy": "10.0.0.1:1080"}, "proxy"),
        ({"proxy": "socks5://127.0.0.1:1080"}, "proxy"),
        ({"mode": "webhook", "webhook_url": "https://x"}, "secret_token"),
    ],
)
def test_what_can_never_work_stops_the_start(make_channel: Make, changes: dict[str, Any], setting: str) -> None:
    """The sentence names the setting and not its value."""
    with pytest.raises(ConfigurationError) as caught:
        make_channel(**changes)
    assert setting in str(caught.value)
    assert "ab" not in str(caught.value).split()


async def test_a_proxy_is_used(api: Control, make_channel: Make, stored: Stored) -> None:
    """Telegram cannot be reached from everywhere without one: with a proxy set nothing goes directly."""
    asked: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    channel = make_channel(proxy=f"http://127.0.0.1:{port}")
    async with running(channel, stored):
        await until(lambda: asked)
    server.close()
    await server.wait_closed()
    assert asked[0].startswith(b"POST http://127.0.0.1:")
    assert not api.calls()
