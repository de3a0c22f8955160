"""The ASGI application: webhooks, callbacks, health, metrics."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

import uvicorn
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.base import Channel, Receive
from bot.channels.telegram_parsing import inbox_entry
from bot.logs import record
from domain.errors import ConfigurationError, StorageError

TELEGRAM_PATH: Final = "/telegram/webhook"
HEALTH_PATH: Final = "/healthz"
METRICS_PATH: Final = "/metrics"
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the name of a header
BODY_BYTES: Final = 1_000_000
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip")

Measure = Callable[[], Awaitable[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramWebhook:
    """Who may call the webhook, and where its updates are stored."""

    secret_token: str
    receive: Receive

    async def answer(self, request: Request) -> Response:
        """Store one update, then say 200: Telegram repeats it after any other answer.

        403 without the secret, 413 over 1 MB, 400 for what is no JSON object, 503 while it cannot be stored. An
        object without update_id is stored too, and quarantined: repeating it would not help.
        """
        given = request.headers.get(SECRET_HEADER, "").encode("latin-1")
        if not hmac.compare_digest(given, self.secret_token.encode()):
            return Response(status_code=403)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        if not isinstance(update, dict):
            return Response(status_code=400)
        try:
            await self.receive([inbox_entry(update)])
        except StorageError as error:
            record("updates-not-stored", level=logging.ERROR, error=type(error).__name__, count=1)
            return Response(status_code=503)
        return Response(status_code=200)


def application(
    *,
    channels: Sequence[Channel],
    measures: Mapping[str, Measure],
    telegram: TelegramWebhook | None = None,
    metrics_for_all: bool = False,
) -> Starlette:
    """Return the application; `measures` are technical values by metric name, such as `jianfu_outbox_waiting`."""

    async def health(_: Request) -> Response:
        states = {channel.name: channel.health for channel in channels}
        lines = "".join(f"{name} {state.word}\n" for name, state in states.items())
        return PlainTextResponse(lines, 200 if all(state.up for state in states.values()) else 503)

    async def metrics(request: Request) -> Response:
        if not (metrics_for_all or _is_local(request)):
            return Response(status_code=403)
        registry = CollectorRegistry()
        up = Gauge("jianfu_channel_up", "1 if the channel works now", ["channel"], registry=registry)
        for channel in channels:
            up.labels(channel.name).set(channel.health.up)
        try:
            for name, measure in measures.items():
                Gauge(name, name.replace("_", " "), registry=registry).set(await measure())
        except StorageError as error:
            record("metrics-failed", level=logging.ERROR, error=type(error).__name__)
            return Response(status_code=503)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    routes = [Route(HEALTH_PATH, health), Route(METRICS_PATH, metrics)]
    if telegram is not None:
        routes.append(Route(TELEGRAM_PATH, telegram.answer, methods=["POST"]))
    return Starlette(routes=routes)


async def _body(request: Request) -> bytes | None:
    """Return the body; None if it is too large, in which case the rest is not read."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > len(str(BODY_BYTES)) or int(declared) > BODY_BYTES):
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            return None
    return bytes(body)


def _is_local(request: Request) -> bool:
    """Whether somebody on this machine asks, and not a proxy on this machine for somebody else."""
    if request.client is None or any(header in request.headers for header in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


class _Uvicorn(uvicorn.Server):
    """Leaves signals to the program it runs in."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class Server:
    """Answers HTTP within our own event loop."""

    def __init__(self, *, app: Starlette, host: str, port: int) -> None:
        self._app = app
        self._host = host
        self._port = port
        self._socket: socket.socket | None = None

    @property
    def port(self) -> int:
        """The port it listens on; chosen by the system if it was given as 0."""
        return int(self._socket.getsockname()[1]) if self._socket else self._port

    def listen(self) -> None:
        """Take the port; what arrives from now on waits for `run`.

        Raises:
            ConfigurationError: the address is taken, unknown or not allowed.
        """
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            # With its protocol named, the event loop sends small answers at once (TCP_NODELAY).
            self._socket = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((self._host, self._port))
            self._socket.listen(512)
        except (OSError, UnicodeError) as error:
            if self._socket is not None:
                self._socket.close()
                self._socket = None
            reason = error.strerror if isinstance(error, OSError) else "no such host"
            raise ConfigurationError(
                f"Port {self._port} on {self._host} cannot be used ({reason}); "
                "set [server] host and port (JIANFU_SERVER__PORT) to a free one."
            ) from None

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until `stop` is set; requests under way are finished, for five seconds at most."""
        if self._socket is None:
            self.listen()
        config = uvicorn.Config(
            self._app,
            log_config=None,
            access_log=False,
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        server = _Uvicorn(config)
        serving = asyncio.create_task(server.serve(sockets=[self._socket] if self._socket else None))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            server.should_exit = True
            await serving
