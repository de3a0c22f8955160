"""What went wrong at Telegram -> the branches of ChannelError; the one place that reads its error texts."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final

import httpx
from telegram.error import NetworkError, TelegramError

from bot.channels.base import ChannelHeldError
from domain.errors import ChannelError, ChannelRefusedError, ChannelUnavailableError, RecipientGoneError

_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
_GONE: Final = ("chat not found", "user not found", "user is deactivated", "peer_id_invalid", "bot was kicked")
_TOO_LATE: Final = ("query is too old", "message is not modified", "message to edit not found", "can't be edited")
_DEFAULT_HOLD: Final = 1.0


class MarkupRefusedError(ChannelError):
    """Telegram cannot parse the markup of a text; nothing was sent."""


class TooLateError(ChannelError):
    """A courtesy came too late: the button press is old, or the message is gone or changed."""


class AnsweredError(TelegramError):
    """Telegram, or a gateway before it, answered with an error; `stated` if in the words of the Bot API itself."""

    def __init__(self, code: int, payload: bytes) -> None:
        super().__init__(f"answered {code}")
        self.code = code
        fields = _fields(payload)
        description = fields.get("description")
        parameters = fields.get("parameters")
        self.stated = fields.get("ok") is False and isinstance(description, str)
        self.description = description.lower() if isinstance(description, str) else ""
        self.retry_after = parameters.get("retry_after") if isinstance(parameters, dict) else None


def translated(error: TelegramError) -> ChannelError:
    """Return the branch for an error of the Bot API client.

    `ambiguous` is false only where the request was surely not carried out: no connection was made, or the Bot API
    itself stated an error. A time-out after sending, a broken connection or a gateway's 5xx page may follow a message
    that was delivered. No text of the original is kept: it may hold the address with the token.
    """
    if isinstance(error, AnsweredError):
        return _answered(error)
    if isinstance(error, NetworkError) and isinstance(error.__cause__, _NOT_SENT):
        return ChannelUnavailableError(delay=0.0)
    return ChannelUnavailableError(delay=0.0, ambiguous=True)


def _answered(error: AnsweredError) -> ChannelError:
    match error.code:
        case HTTPStatus.TOO_MANY_REQUESTS:
            wait = error.retry_after if isinstance(error.retry_after, int | float) else _DEFAULT_HOLD
            return ChannelHeldError("rate-limited", delay=float(wait))
        case HTTPStatus.CONFLICT:
            return ChannelHeldError("conflict", delay=0.0)
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND:
            return ChannelRefusedError(
                "Telegram refuses the bot token; correct [telegram] token (JIANFU_TELEGRAM__TOKEN) and start again."
            )
        case HTTPStatus.FORBIDDEN:
            return RecipientGoneError()
        case code if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return ChannelUnavailableError(delay=0.0, ambiguous=not error.stated)
    if any(words in error.description for words in _GONE):
        return RecipientGoneError()
    if "can't parse entities" in error.description:
        return MarkupRefusedError()
    if any(words in error.description for words in _TOO_LATE):
        return TooLateError()
    return ChannelError("Telegram does not accept this request.")


def _fields(payload: bytes) -> dict[str, object]:
    try:
        fields = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}
