"""This terminal <-> messages."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Final, TextIO

from bot.channels.base import Health, Receive, StoppedError, unless_stopped
from bot.channels.splitting import well_formed
from bot.channels.terminal_input import Lines, readable
from bot.logs import record
from bot.wording import Wording
from domain.errors import ChannelUnavailableError, InvalidEnvelopeError, StorageError
from domain.message import Inbound, InboundKind, Outbound

NAME: Final = "terminal"
PERSON: Final = "terminal:local"
ADDRESS: Final = "local"
_PROMPT: Final = "> "


class TerminalChannel:
    """One line is one message; the next line is taken when the answers to the last one are out.

    `idle` returns when everything received was handled and answered. `descriptor` is read, None for no input;
    `echo` repeats each line after the prompt, for input that nobody sees being typed.
    """

    def __init__(
        self,
        *,
        descriptor: int | None,
        output: TextIO,
        echo: bool,
        wording: Wording,
        idle: Callable[[], Awaitable[None]],
    ) -> None:
        self._lines = Lines(descriptor)
        self._output = output
        self._echo = echo
        self._wording = wording
        self._idle = idle
        self._health = Health(up=False, word="starting")
        self._offered = 0
        self._last_order = 0

    @property
    def name(self) -> str:
        """The word in person keys, the inbox and the outbox."""
        return NAME

    @property
    def health(self) -> Health:
        """The state for /healthz."""
        return self._health

    def parse(self, key: str, payload: bytes) -> Inbound | None:
        """Return the line as a message; raises InvalidEnvelopeError."""
        try:
            fields = json.loads(payload)
            return Inbound(
                channel=NAME,
                key=key,
                person=PERSON,
                address=ADDRESS,
                order=int(fields["order"]),
                kind=InboundKind.TEXT,
                text=str(fields["text"]),
            )
        except (ValueError, LookupError, TypeError):
            raise InvalidEnvelopeError from None

    async def send(self, address: str, message: Outbound) -> None:  # noqa: ARG002  there is one terminal
        """Print a message; its choices are numbered, on from those already offered since the last line.

        Raises:
            ChannelUnavailableError: nobody reads the output any more.
        """
        lines = [message.text] if message.text else []
        if message.file:
            lines.append(self._wording.say("terminal-file", {"name": message.file_name}))
        for choice in (choice for row in message.choices for choice in row):
            self._offered += 1
            lines.append(self._wording.say("terminal-choice", {"number": self._offered, "label": choice.label}))
        self._print("\n".join(lines) + "\n\n")

    async def acknowledge(self, inbound: Inbound) -> None:
        """Nothing waits for it here."""

    async def settle(self, inbound: Inbound) -> None:
        """Numbers cannot be taken away."""

    async def run(self, receive: Receive, stop: asyncio.Event) -> None:
        """Take line after line until the input ends or `stop` is set; everything taken is then answered."""
        self._health = Health(up=True, word="up")
        await self._idle()
        try:
            while True:
                self._print("" if self._echo else _PROMPT)
                line = await unless_stopped(stop, self._lines.next())
                if line is None:
                    break
                await self._take(line, receive)
                await self._idle()
            self._print("" if self._echo else "\n")
        except (StoppedError, ChannelUnavailableError):
            return
        finally:
            self._health = Health(up=False, word="ended")

    async def close(self) -> None:
        """Nothing to let go of."""

    async def _take(self, line: bytes, receive: Receive) -> None:
        text = readable(line)
        if self._echo:
            self._print(f"{_PROMPT}{'�' if text is None else text}\n")
        if text is None:
            self._print(self._wording.say("terminal-unreadable") + "\n\n")
            return
        self._offered = 0
        try:
            await receive([self._entry(text)])
        except StorageError as error:
            record("updates-not-stored", level=logging.ERROR, error=type(error).__name__, count=1)
            self._print(self._wording.say("error-generic") + "\n\n")

    def _entry(self, text: str) -> tuple[str, str, bytes]:
        # By the clock, so that lines of a later start come after what an earlier one left in the inbox.
        self._last_order = max(time.time_ns(), self._last_order + 1)
        payload = json.dumps({"order": self._last_order, "text": text}, ensure_ascii=False).encode()
        return NAME, secrets.token_hex(16), payload

    def _print(self, text: str) -> None:
        encoding = self._output.encoding or "utf-8"
        shown = well_formed(text).encode(encoding, "replace").decode(encoding)
        try:
            self._output.write(shown)
            self._output.flush()
        except (OSError, ValueError):
            raise ChannelUnavailableError from None
