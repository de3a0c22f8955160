"""The fake Bot API on HTTP: /bot<token>/<method>, /_control/<action>, and deliveries to webhooks."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import httpx
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.fakes.bot_api_methods import Files, call
from tests.fakes.bot_api_people import control
from tests.fakes.bot_api_state import BotState, Fault, Json
from tests.fakes.bot_api_text import RefusedError


class BotApiApp:
    """An ASGI application; `abort` breaks the connection of a request."""

    def __init__(self, *tokens: str, webhook_pause: float = 0.1) -> None:
        self.bots = {token: BotState(token=token) for token in tokens}
        self.abort: Callable[[Scope], None] = lambda _: None
        self._webhook_pause = webhook_pause

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        with contextlib.suppress(ClientDisconnect):
            response = await self._answer(request)
            if response is None:
                self.abort(scope)
            else:
                await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response | None:
        path = request.url.path
        if path.startswith("/_control/"):
            return await self._control(request, path.removeprefix("/_control/"))
        token, _, method = path.removeprefix("/bot").partition("/")
        if not path.startswith("/bot") or not method or ":" not in token:
            return _refusal(RefusedError(404, "Not Found"))
        if token not in self.bots:
            return _refusal(RefusedError(401, "Unauthorized"))
        parameters, files = await _parameters(request)
        bot = self.bots[token]
        bot.calls.append({"method": method, "parameters": parameters, "at": time.monotonic()})
        return await _carried_out(bot, method, parameters, files)

    async def _control(self, request: Request, action: str) -> Response:
        given = json.loads(await request.body() or b"{}")
        token = given.pop("token", None) or next(iter(self.bots))
        if action == "add_bot":
            self.bots[token] = BotState(token=token)
            return _json(result=True)
        try:
            return _json(result=control(self.bots[token], action, given))
        except (LookupError, TypeError) as error:
            return _json(404, error=f"{type(error).__name__}: {error}")

    async def deliver(self) -> None:
        """Bring waiting updates to webhooks, in order, each until it is answered with 2xx."""
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            while True:
                busy = [await _deliver(bot, client) for bot in list(self.bots.values())]
                if not any(busy):
                    await asyncio.sleep(self._webhook_pause / 10)
                elif "failed" in busy:
                    await asyncio.sleep(self._webhook_pause)


async def _deliver(bot: BotState, client: httpx.AsyncClient) -> str:
    hook = bot.webhook
    if not hook.url or not bot.updates:
        return ""
    headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret_token} if hook.secret_token else {}
    update = bot.updates[0]
    try:
        answer = await client.post(hook.url, json=update, headers=headers)
        problem = "" if answer.is_success else f"Wrong response from the webhook: {answer.status_code}"
    except httpx.HTTPError as error:
        problem = f"Connection failed: {type(error).__name__}"
    if problem:
        hook.last_error, hook.last_error_at = problem, int(time.time())
        return "failed"
    if update in bot.updates:
        bot.updates.remove(update)
    return "delivered"


async def _carried_out(bot: BotState, method: str, parameters: Json, files: Files) -> Response | None:
    fault = bot.fault_for(method) or Fault(method)
    if fault.page:
        return Response(fault.page, fault.code, media_type="text/html")
    if fault.code:
        return _refusal(RefusedError(fault.code, fault.description, retry_after=fault.retry_after))
    if fault.drop == "before":
        return None
    try:
        answer = _json(ok=True, result=await call(bot, method, parameters, files))
    except RefusedError as refusal:
        answer = _refusal(refusal)
    await asyncio.sleep(fault.delay)
    return None if fault.drop == "after" else answer


def _refusal(refusal: RefusedError) -> Response:
    extra: Json = {}
    description = refusal.description
    if refusal.retry_after is not None:
        extra = {"parameters": {"retry_after": refusal.retry_after}}
        description = description or f"Too Many Requests: retry after {refusal.retry_after}"
    return _json(
        refusal.code, ok=False, error_code=refusal.code, description=description or "Internal Server Error", **extra
    )


def _json(code: int = 200, **fields: Any) -> Response:
    return Response(json.dumps(fields), code, media_type="application/json")


async def _parameters(request: Request) -> tuple[Json, Files]:
    parameters: Json = dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return parameters | json.loads(body or b"{}"), {}
    if kind.startswith("application/x-www-form-urlencoded"):
        return parameters | dict(parse_qsl(body.decode(), keep_blank_values=True)), {}
    files: Files = {}
    if kind.startswith("multipart/form-data"):
        head = f"Content-Type: {kind}\r\n\r\n".encode()
        for part in email.message_from_bytes(head + body, policy=email.policy.HTTP).iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            content = part.get_payload(decode=True)
            content = content if isinstance(content, bytes) else b""
            filename = part.get_filename()
            if filename is None:
                parameters[name] = content.decode()
            else:
                files[name] = (filename, content)
    return parameters, files
