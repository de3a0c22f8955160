"""The ASGI application on loopback."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, cast

import httpx
import pytest

from bot.channels.base import Channel, Health
from bot.channels.server import BODY_BYTES, SECRET_HEADER, Server, TelegramWebhook, application
from bot.channels.telegram import TelegramChannel
from domain.errors import ConfigurationError, InvalidEnvelopeError, StorageError
from tests.fakes.bot_api import Control
from tests.fakes.stored_updates import Stored, running, until

_SECRET = "Right-secret_1"
_HEADERS = {SECRET_HEADER: _SECRET}
_PATH = "/telegram/webhook"


@dataclass
class _Shown:
    """The part of a channel that health shows."""

    name: str
    health: Health


class _Site:
    """A served application and a client of it."""

    def __init__(self, server: Server, client: httpx.AsyncClient, channel: _Shown) -> None:
        self.server = server
        self.client = client
        self.channel = channel
        self.outbox: Callable[[], float] = lambda: 3.0


@pytest.fixture
async def site(stored: Stored) -> AsyncIterator[_Site]:
    """The application with one channel, served on a free port."""
    channel = _Shown("telegram", Health(up=True, word="up"))

    async def outbox() -> float:
        return made.outbox()

    app = application(
        channels=[cast("Channel", channel)],
        measures={"jianfu_outbox_waiting": outbox},
        telegram=TelegramWebhook(secret_token=_SECRET, receive=stored.receive),
    )
    server = Server(app=app, host="127.0.0.1", port=0)
    server.listen()
    stop = asyncio.Event()
    task = asyncio.create_task(server.run(stop))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", trust_env=False) as client:
        made = _Site(server, client, channel)
        yield made
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_an_update_is_stored_and_then_acknowledged(site: _Site, stored: Stored) -> None:
    """200 means that it is in the inbox."""
    answer = await site.client.post(_PATH, json={"update_id": 7, "message": {}}, headers=_HEADERS)
    assert (answer.status_code, answer.content) == (200, b"")
    assert stored.entries == [("telegram", "7", b'{"update_id":7,"message":{}}')]


async def test_without_the_secret_nothing_is_done(site: _Site, stored: Stored) -> None:
    """Whoever does not know the secret is refused before anything is read."""
    for secret in (None, b"", _SECRET[:-1].encode(), _SECRET.lower().encode(), "é".encode("latin-1")):
        headers = {} if secret is None else {SECRET_HEADER.encode(): secret}
        answer = await site.client.post(_PATH, content=b"{", headers=headers)
        assert answer.status_code == 403
    assert stored.calls == 0


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_over_the_limit_is_refused(site: _Site, stored: Stored, chunked: bool) -> None:
    """Announced or not, no more than 1 MB is taken."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(BODY_BYTES // 50_000 + 2):
            yield b" " * 50_000

    content: Any = chunks() if chunked else b" " * (BODY_BYTES + 1)
    try:
        answer = await site.client.post(_PATH, content=content, headers=_HEADERS)
    except httpx.WriteError:  # refused and closed while still sending
        pass
    else:
        assert answer.status_code == 413
    assert stored.calls == 0
    assert (await site.client.post(_PATH, json={"update_id": 1}, headers=_HEADERS)).status_code == 200


async def test_what_is_no_json_object_is_refused(site: _Site, stored: Stored) -> None:
    """There is nothing to store in it."""
    for body in (b"", b"{", b"\xff", b"[]", b"7", b'"x"', b"[" * 100_000):
        assert (await site.client.post(_PATH, content=body, headers=_HEADERS)).status_code == 400
    assert stored.calls == 0


async def test_an_object_without_a_number_is_taken_and_put_aside(
    site: _Site, stored: Stored, telegram: TelegramChannel
) -> None:
    """Repeating it would not help, so Telegram is told 200; parsing quarantines it."""
    assert (await site.client.post(_PATH, json={"message": {}}, headers=_HEADERS)).status_code == 200
    ((_, key, payload),) = stored.entries
    with pytest.raises(InvalidEnvelopeError):
        telegram.parse(key, payload)


async def test_what_cannot_be_stored_is_not_acknowledged(site: _Site, stored: Stored) -> None:
    """Telegram repeats after a 503."""
    stored.failures = 1
    answers = [(await site.client.post(_PATH, json={"update_id": 7}, headers=_HEADERS)).status_code for _ in "12"]
    assert answers == [503, 200]
    assert stored.keys == ["7"]


async def test_other_methods_and_paths_are_refused(site: _Site) -> None:
    """The webhook takes POST only; nothing else is there."""
    assert (await site.client.get(_PATH)).status_code == 405
    assert (await site.client.get("/")).status_code == 404
    assert (await site.client.post("/healthz")).status_code == 405


async def test_health_has_a_line_a_channel(site: _Site) -> None:
    """200 while every channel works, else 503, with one word why."""
    answer = await site.client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "telegram up\n")
    site.channel.health = Health(up=False, word="conflict")
    answer = await site.client.get("/healthz")
    assert (answer.status_code, answer.text) == (503, "telegram conflict\n")


async def test_metrics_are_technical_values(site: _Site) -> None:
    """They are measured when asked, in the form Prometheus reads."""
    answer = await site.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert lines == ['jianfu_channel_up{channel="telegram"} 1.0', "jianfu_outbox_waiting 3.0"]
    site.outbox = lambda: 4.0
    assert "jianfu_outbox_waiting 4.0" in (await site.client.get("/metrics")).text


async def test_metrics_stay_on_this_machine(site: _Site) -> None:
    """A proxy on this machine that asks for somebody else is refused."""
    answer = await site.client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.status_code == 403


async def test_metrics_without_the_database_are_unavailable(site: _Site) -> None:
    """A failing measure is no page of wrong numbers."""

    def fail() -> float:
        raise StorageError

    site.outbox = fail
    assert (await site.client.get("/metrics")).status_code == 503


async def test_a_taken_port_stops_the_start(site: _Site) -> None:
    """The sentence names the setting, and the other server goes on."""
    other = Server(app=application(channels=[], measures={}), host="127.0.0.1", port=site.server.port)
    with pytest.raises(ConfigurationError, match=r"\[server\] host and port"):
        other.listen()
    assert (await site.client.get("/healthz")).status_code == 200


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host"])
def test_an_address_of_another_machine_stops_the_start(host: str) -> None:
    """Only addresses of this machine can be listened on."""
    with pytest.raises(ConfigurationError, match=r"\[server\]"):
        Server(app=application(channels=[], measures={}), host=host, port=0).listen()


async def test_signals_are_left_to_the_program(site: _Site) -> None:
    """Serving does not take the handlers the program has set."""
    await site.client.get("/healthz")
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


async def test_small_answers_are_not_held_back(site: _Site) -> None:
    """Forty webhook calls on one connection do not wait for delayed acknowledgements (40 ms each)."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for number in range(40):
        await site.client.post(_PATH, json={"update_id": number}, headers=_HEADERS)
    assert loop.time() - begun < 40 * 0.040


async def test_a_caller_that_hangs_up_leaves_no_trace(
    site: _Site, stored: Stored, caplog: pytest.LogCaptureFixture
) -> None:
    """A body that never ends is dropped quietly."""
    caplog.set_level(logging.WARNING)
    raw = socket.create_connection(("127.0.0.1", site.server.port))
    raw.sendall(
        f"POST {_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n{SECRET_HEADER}: {_SECRET}\r\n\r\n{{".encode()
    )
    await asyncio.sleep(0.05)
    raw.close()
    await asyncio.sleep(0.05)
    assert stored.calls == 0
    assert not caplog.records
    assert (await site.client.get("/healthz")).status_code == 200


async def test_telegram_delivers_by_webhook(
    api: Control, make_channel: Callable[..., TelegramChannel], site: _Site, stored: Stored
) -> None:
    """End to end: registered by the channel, delivered in order, repeated while it cannot be stored."""
    url = f"http://127.0.0.1:{site.server.port}{_PATH}"
    channel = make_channel(mode="webhook", webhook_url=url, secret_token=_SECRET)
    stored.failures = 2
    async with running(channel, stored):
        updates = [api.say(5, text) for text in "一二三"]
        await until(lambda: not api.waiting())
    assert stored.keys == [str(update["update_id"]) for update in updates]
    assert [json.loads(payload) for _, _, payload in stored.entries] == updates
    assert "503" in api.webhook()["last_error"]


async def test_a_webhook_with_another_secret_delivers_nothing(
    api: Control, make_channel: Callable[..., TelegramChannel], site: _Site, stored: Stored
) -> None:
    """Updates stay at Telegram until the secrets agree."""
    url = f"http://127.0.0.1:{site.server.port}{_PATH}"
    async with running(make_channel(mode="webhook", webhook_url=url, secret_token="other"), stored):
        api.say(5, "一")
        await until(lambda: "403" in api.webhook()["last_error"])
    assert stored.calls == 0
    assert len(api.waiting()) == 1
