"""The Bot API, called through python-telegram-bot."""

from __future__ import annotations

import json
from collections.abc import Coroutine, Sequence
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Final, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx
from telegram import Bot, BotCommand, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram_errors import AnsweredError, translated
from domain.errors import ChannelUnavailableError, ConfigurationError

ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")
_SENDING_CONNECTIONS: Final = 64
_UNREADABLE: Final = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
_Answer = TypeVar("_Answer")


class _Request(HTTPXRequest):
    """Keeps the status of an error answer, which the library would turn into words."""

    __slots__ = ()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Return status and body of a success; raises AnsweredError for any other answer."""
        code, payload = await super().do_request(*args, **kwargs)
        if not HTTPStatus.OK <= code < HTTPStatus.MULTIPLE_CHOICES:
            raise AnsweredError(code, payload)
        return code, payload


class BotApi:
    """The calls this service makes; every failure is a branch of ChannelError without the original's text.

    `base_url` ends in `/bot`, as python-telegram-bot takes it; `request_seconds` bounds one call.
    """

    def __init__(
        self, *, token: str, base_url: str, base_file_url: str, proxy: str | None, request_seconds: float
    ) -> None:
        if not token or not token.isascii() or not token.isprintable() or set(token) & set(" /?#"):
            raise ConfigurationError("Setting [telegram] token holds a character that no bot token has.")
        if urlsplit(base_url).scheme not in {"http", "https"}:
            raise ConfigurationError("Setting [telegram] base_url must begin with https:// or http://.")
        # A proxy of the environment is not asked for an address on this machine.
        settings = {"trust_env": not _is_loopback(base_url), "verify": httpx.create_ssl_context()}
        self._request_seconds = request_seconds

        def request(connections: int) -> _Request:
            return _Request(
                connection_pool_size=connections,
                connect_timeout=request_seconds,
                read_timeout=request_seconds,
                write_timeout=request_seconds,
                pool_timeout=request_seconds,
                media_write_timeout=3 * request_seconds,
                proxy=proxy,
                httpx_kwargs=settings,
            )

        try:
            self._fetching, self._sending = request(1), request(_SENDING_CONNECTIONS)
        except (ValueError, RuntimeError, ImportError):
            raise ConfigurationError("Setting [telegram] proxy is wrong; write http://host:port.") from None
        self._bot = Bot(
            token,
            base_url=base_url,
            base_file_url=base_file_url,
            request=self._sending,
            get_updates_request=self._fetching,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._fetching.shutdown()
        await self._sending.shutdown()

    async def updates(self, *, offset: int | None, wait: int) -> list[object]:
        """Return the next updates as plain JSON values, after at most `wait` seconds; confirms all below `offset`.

        The library's own list parser is not used: one odd update would fail the whole batch.
        """
        query: dict[str, str | int] = {"timeout": wait, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        if offset is not None:
            query["offset"] = offset
        # GET, because the library's request for a body is typed to its own parameter class
        answer = await self._called(
            self._fetching.retrieve(
                f"{self._bot.base_url}/getUpdates?{urlencode(query)}", read_timeout=wait + self._request_seconds
            )
        )
        try:
            found = json.loads(answer or b"")["result"]
        except _UNREADABLE:
            raise ChannelUnavailableError(delay=0.0) from None
        if not isinstance(found, list):
            raise ChannelUnavailableError(delay=0.0)
        return found

    async def check(self) -> None:
        """Ask Telegram who we are; raises ChannelRefusedError for a wrong token."""
        await self._called(self._bot.get_me())

    async def delete_webhook(self) -> None:
        """Make polling possible; what waits at Telegram is kept."""
        await self._called(self._bot.delete_webhook(drop_pending_updates=False))

    async def set_webhook(self, url: str, secret_token: str) -> None:
        """Have updates sent to `url` with `secret_token` in their header; what waits at Telegram is kept."""
        await self._called(
            self._bot.set_webhook(
                url, secret_token=secret_token, allowed_updates=ALLOWED_UPDATES, drop_pending_updates=False
            )
        )

    async def set_menu(self, commands: Sequence[tuple[str, str]], *, language: str) -> None:
        """Show these (command, description) in the menu of people with this language; "" is everybody else."""
        menu = [BotCommand(command, description) for command, description in commands]
        await self._called(self._bot.set_my_commands(menu, language_code=language or None))

    async def send_text(self, chat: str, text: str, *, markup: InlineKeyboardMarkup | None, html: bool) -> None:
        """Send one text of at most 4096 units."""
        await self._called(
            self._bot.send_message(
                chat,
                text,
                parse_mode=ParseMode.HTML if html else None,
                reply_markup=markup,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )

    async def send_file(
        self, chat: str, file: InputFile, *, caption: str, markup: InlineKeyboardMarkup | None, photo: bool, html: bool
    ) -> None:
        """Send one file, as a picture or as a document, with a caption of at most 1024 units."""
        mode = ParseMode.HTML if html else None
        if photo:
            sending = self._bot.send_photo(chat, file, caption=caption or None, parse_mode=mode, reply_markup=markup)
        else:
            sending = self._bot.send_document(chat, file, caption=caption or None, parse_mode=mode, reply_markup=markup)
        await self._called(sending)

    async def answer_press(self, press: str) -> None:
        """Stop the little clock on a pressed button."""
        await self._called(self._bot.answer_callback_query(press))

    async def remove_buttons(self, chat: str, message: int) -> None:
        """Take the buttons of a sent message away."""
        await self._called(self._bot.edit_message_reply_markup(chat, message, reply_markup=None))

    async def _called(self, call: Coroutine[Any, Any, _Answer]) -> _Answer | None:
        """Return the answer; None if Telegram said yes in a shape the library does not know."""
        try:
            return await call
        except TelegramError as error:
            raise translated(error) from None
        except _UNREADABLE:
            return None


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
