"""Messages -> calls of the Bot API: splits, escapes, paces, and never doubles a part that arrived."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile

from bot.channels.pacing import Pacer
from bot.channels.splitting import split, utf16_units, well_formed
from bot.channels.telegram_api import BotApi
from bot.channels.telegram_errors import MarkupRefusedError
from domain.errors import ChannelError, ChannelRefusedError, ChannelUnavailableError, RecipientGoneError
from domain.message import Choice, Outbound, Repeat

TEXT_UNITS: Final = 4096
CAPTION_UNITS: Final = 1024
_PHOTO_BYTES: Final = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one call sends."""

    text: str = ""
    choices: tuple[tuple[Choice, ...], ...] = ()
    file_name: str = ""
    file: bytes = b""


def pieces_of(message: Outbound) -> tuple[Piece, ...]:
    """Return the calls that carry a message whole; its choices hang on the last one."""
    text = well_formed(message.text)
    if message.file and utf16_units(text) <= CAPTION_UNITS:
        texts = []
        last = [Piece(text=text, file_name=message.file_name, file=message.file)]
    else:
        # Telegram refuses a text of nothing but spaces.
        texts = [Piece(text=part) for part in split(text, limit=TEXT_UNITS) if part.strip()]
        last = [Piece(file_name=message.file_name, file=message.file)] if message.file else []
    pieces = texts + last
    return (*pieces[:-1], replace(pieces[-1], choices=message.choices))


class Sending:
    """Sends messages piece by piece.

    When a later piece fails, the pieces before it are remembered: the next attempt of the same message to the same
    address goes on where this one stopped, so that a repeat doubles nothing. The memory ends with the program: a
    message that was under way is then begun anew.
    """

    def __init__(self, api: BotApi, pacer: Pacer) -> None:
        self._api = api
        self._pacer = pacer
        self._begun: dict[str, tuple[int, int]] = {}

    async def send(self, address: str, message: Outbound) -> None:
        """Deliver one message whole; raises the branches of ChannelError."""
        mark = hash(message)
        before, sent = self._begun.pop(address, (mark, 0))
        sent = sent if before == mark else 0
        try:
            for piece in pieces_of(message)[sent:]:
                await self._pacer.turn(address)
                await self._send(address, piece)
                sent += 1
        except (ChannelUnavailableError, ChannelRefusedError) as error:
            given_up = isinstance(error, ChannelUnavailableError) and error.ambiguous
            if sent and not (given_up and message.repeat is Repeat.FORBIDDEN):
                self._begun[address] = (mark, sent)
            raise

    async def _send(self, address: str, piece: Piece) -> None:
        try:
            await self._call(address, piece, escaped=True)
        except MarkupRefusedError:
            await self._call(address, piece, escaped=False)

    async def _call(self, address: str, piece: Piece, *, escaped: bool) -> None:
        text = html.escape(piece.text, quote=False) if escaped else piece.text
        markup = _keyboard(piece)
        if not piece.file:
            await self._api.send_text(address, text, markup=markup, html=escaped)
        elif piece.file_name.lower().endswith(".png") and len(piece.file) <= _PHOTO_BYTES:
            await self._send_picture(address, piece, caption=text, markup=markup, html=escaped)
        else:
            file = _upload(piece)
            await self._api.send_file(address, file, caption=text, markup=markup, photo=False, html=escaped)

    async def _send_picture(
        self, address: str, piece: Piece, *, caption: str, markup: InlineKeyboardMarkup | None, html: bool
    ) -> None:
        """Send a picture; what Telegram takes for no photograph goes as a document."""
        try:
            await self._api.send_file(address, _upload(piece), caption=caption, markup=markup, photo=True, html=html)
        except (ChannelUnavailableError, ChannelRefusedError, RecipientGoneError, MarkupRefusedError):
            raise
        except ChannelError:
            await self._api.send_file(address, _upload(piece), caption=caption, markup=markup, photo=False, html=html)


def _upload(piece: Piece) -> InputFile:
    return InputFile(piece.file, filename=piece.file_name or "file")


def _keyboard(piece: Piece) -> InlineKeyboardMarkup | None:
    rows = [
        [InlineKeyboardButton(well_formed(choice.label), callback_data=choice.id) for choice in row]
        for row in piece.choices
        if row
    ]
    return InlineKeyboardMarkup(rows) if rows else None
