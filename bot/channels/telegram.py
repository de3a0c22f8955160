"""Telegram updates <-> messages."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from bot.channels.base import Condition, Health, Receive, StoppedError, until_answered
from bot.channels.pacing import Pacer
from bot.channels.telegram_api import BotApi
from bot.channels.telegram_errors import TooLateError
from bot.channels.telegram_parsing import NAME, parse_update
from bot.channels.telegram_polling import Polling, Timings
from bot.channels.telegram_sending import Sending
from bot.logs import record
from domain.errors import ChannelError, ChannelRefusedError, ConfigurationError
from domain.message import Inbound, Outbound

OFFICIAL: Final = "https://api.telegram.org/bot"
OFFICIAL_FILES: Final = "https://api.telegram.org/file/bot"


class TelegramChannel:
    """The bot on Telegram, by polling or by webhook; rates are messages a second.

    `menus` holds (command, description) pairs by language code, "" for everybody else.

    Raises:
        ConfigurationError: token, base_url, proxy or the webhook's secret can never work.
    """

    def __init__(
        self,
        *,
        token: str,
        per_second: float,
        per_chat_per_second: float,
        menus: Mapping[str, Sequence[tuple[str, str]]],
        base_url: str = OFFICIAL,
        base_file_url: str = OFFICIAL_FILES,
        proxy: str | None = None,
        mode: Literal["polling", "webhook"] = "polling",
        webhook_url: str | None = None,
        secret_token: str | None = None,
        timings: Timings | None = None,
    ) -> None:
        self._webhook: tuple[str, str] | None = None
        if mode == "webhook":
            if not webhook_url or not secret_token:
                raise ConfigurationError('Setting [telegram] mode "webhook" needs webhook_url and secret_token.')
            self._webhook = (webhook_url, secret_token)
        timings = timings or Timings()
        self._menus = menus
        self._pauses = timings.pauses
        self._condition = Condition(NAME)
        self._api = BotApi(
            token=token,
            base_url=base_url,
            base_file_url=base_file_url,
            proxy=proxy,
            request_seconds=timings.request,
        )
        self._sending = Sending(self._api, Pacer(per_second=per_second, per_chat_per_second=per_chat_per_second))
        self._polling = Polling(self._api, self._condition, timings)

    @property
    def name(self) -> str:
        """The word in person keys, the inbox and the outbox."""
        return NAME

    @property
    def health(self) -> Health:
        """The state for /healthz."""
        return self._condition.health

    def parse(self, key: str, payload: bytes) -> Inbound | None:
        """Return what a person did; None when there is nothing to answer; raises InvalidEnvelopeError."""
        return parse_update(key, payload)

    async def send(self, address: str, message: Outbound) -> None:
        """Deliver one message whole; raises the branches of ChannelError."""
        await self._sending.send(address, message)

    async def acknowledge(self, inbound: Inbound) -> None:
        """Answer a button press at once; one that is too old is left alone."""
        press, _, _ = _button(inbound)
        with contextlib.suppress(TooLateError):
            await self._api.answer_press(press)

    async def settle(self, inbound: Inbound) -> None:
        """Take the pressed buttons away, if they are still there."""
        _, chat, message = _button(inbound)
        if message:
            with contextlib.suppress(TooLateError):
                await self._api.remove_buttons(chat, int(message))

    async def run(self, receive: Receive, stop: asyncio.Event) -> None:
        """Fetch until `stop` is set; by webhook the server receives, and this only registers its address.

        Raises:
            ChannelRefusedError: Telegram refuses the token; the channel stays down.
        """
        introduction = asyncio.create_task(self._introduce(stop))
        try:
            if self._webhook is None:
                await self._polling.run(receive, stop)
            else:
                await self._register(self._webhook, stop)
        except StoppedError:
            return
        except ChannelRefusedError:
            self._condition.down("refused")
            raise
        finally:
            introduction.cancel()
            await asyncio.gather(introduction, return_exceptions=True)

    async def close(self) -> None:
        """Let go of connections; nothing is sent afterwards."""
        await self._api.close()

    async def _register(self, webhook: tuple[str, str], stop: asyncio.Event) -> None:
        async def call() -> None:
            await self._api.set_webhook(*webhook)

        try:
            await until_answered(call, stop=stop, pauses=self._pauses, condition=self._condition)
        except ChannelRefusedError:
            raise
        except ChannelError:
            raise ChannelRefusedError(
                "Telegram refuses the webhook; [telegram] webhook_url must be an https address it can reach."
            ) from None
        await stop.wait()

    async def _introduce(self, stop: asyncio.Event) -> None:
        """Ask who we are and set the menus, in the background: a start must not wait for that nor fail with it."""
        quiet = Condition(NAME, quiet=True)
        try:
            await until_answered(self._api.check, stop=stop, pauses=self._pauses, condition=quiet)
            for language, commands in self._menus.items():

                async def call(language: str = language, commands: Sequence[tuple[str, str]] = commands) -> None:
                    await self._api.set_menu(commands, language=language)

                await until_answered(call, stop=stop, pauses=self._pauses, condition=quiet)
        except StoppedError:
            return
        except ChannelError as error:
            record("menu-refused", level=logging.ERROR, channel=NAME, error=type(error).__name__)


def _button(inbound: Inbound) -> tuple[str, str, str]:
    """Return the parts of `button`: the press, the chat and the message."""
    press, chat, message = (*inbound.button.split(":"), "", "")[:3]
    return press, chat, message
