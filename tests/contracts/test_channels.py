"""What every channel promises, asked of the terminal and of Telegram."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator
from typing import Protocol

import pytest

from bot.channels.base import Channel
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_polling import Timings
from bot.channels.terminal import TerminalChannel
from bot.wording import Wording
from domain.errors import InvalidEnvelopeError
from domain.message import Choice, Inbound, InboundKind, Outbound
from tests.fakes.bot_api import BotApiServer
from tests.fakes.stored_updates import Stored, parsed, running, until

_PERSON = 5


class _Side(Protocol):
    """A person at the other end of a channel."""

    channel: Channel
    address: str

    def write(self, text: str) -> None:
        """Write one message."""

    def shown(self) -> str:
        """Return everything the channel has shown, in order."""


class _AtTerminal:
    address = "local"

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        self._output = io.StringIO()
        self.channel: Channel = TerminalChannel(
            descriptor=self._reading, output=self._output, echo=False, wording=Wording("en"), idle=self._idle
        )

    async def _idle(self) -> None:
        await asyncio.sleep(0)

    def write(self, text: str) -> None:
        os.write(self._writing, f"{text}\n".encode())

    def shown(self) -> str:
        return self._output.getvalue()

    def leave(self) -> None:
        os.close(self._reading)
        os.close(self._writing)


class _AtTelegram:
    address = str(_PERSON)

    def __init__(self) -> None:
        self._api = BotApiServer()
        self._api.do("unblock", person=_PERSON)  # opens the chat
        self.channel: Channel = TelegramChannel(
            token=self._api.token,
            per_second=1000,
            per_chat_per_second=1000,
            menus={},
            base_url=self._api.base_url,
            timings=Timings(poll=2, request=1, pauses=(0.02,), storage=0.02),
        )

    def write(self, text: str) -> None:
        self._api.say(_PERSON, text)

    def shown(self) -> str:
        lines = []
        for message in self._api.sent_to(_PERSON):
            lines.append(message.get("text") or message.get("caption") or "")
            lines += [b["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]
            lines.append(message.get("document", {}).get("file_name", ""))
        return "\n".join(lines)

    def leave(self) -> None:
        self._api.stop()
        self._api.close()


@pytest.fixture(params=[_AtTerminal, _AtTelegram])
async def side(request: pytest.FixtureRequest) -> AsyncIterator[_Side]:
    """A person at the other end of each channel."""
    made = request.param()
    yield made
    await made.channel.close()
    made.leave()


def _texts(side: _Side, stored: Stored) -> list[Inbound]:
    events = [event for event in parsed(side.channel, stored) if event]
    return [event for event in events if event.kind is InboundKind.TEXT]


async def test_what_a_person_writes_is_received_once_and_in_order(side: _Side) -> None:
    """Each message is stored under a key of its own and reads as text of one person with one address."""
    stored = Stored()
    async with running(side.channel, stored):
        for text in ("投票", "投票", "站马路😀"):
            side.write(text)
        await until(lambda: len(_texts(side, stored)) == 3)
    texts = sorted(_texts(side, stored), key=lambda event: event.order)
    assert [event.text for event in texts] == ["投票", "投票", "站马路😀"]
    assert len({event.key for event in texts}) == 3
    assert {event.address for event in texts} == {side.address}
    assert {event.channel for event in texts} == {side.channel.name}
    assert {channel for channel, _, _ in stored.entries} == {side.channel.name}


async def test_a_failing_database_does_not_end_a_channel(side: _Side) -> None:
    """The channel goes on when storing works again."""
    stored = Stored(failures=1)
    async with running(side.channel, stored) as task:
        side.write("一")
        await until(lambda: stored.calls)
        side.write("二")
        await until(lambda: "二" in [event.text for event in _texts(side, stored)])
        assert not task.done()


async def test_an_answer_is_shown_whole_with_its_choices(side: _Side) -> None:
    """However long, with whatever marks, and choices in their order behind it."""
    text = "\n".join(f"第 {number} 行 <b>&amp; {'填表' * 40}" for number in range(100))
    choices = ((Choice("a.1", "提交"), Choice("b.1", "取消")), (Choice("c.1", "补充"),))
    await side.channel.send(side.address, Outbound(text=text, choices=choices))
    shown = side.shown()
    places = [shown.index(line) for line in (*text.split("\n"), "提交", "取消", "补充")]
    assert places == sorted(places)


async def test_a_file_is_shown_by_its_name(side: _Side) -> None:
    """A file has words before it and a name."""
    await side.channel.send(side.address, Outbound(text="周报", file_name="week.csv", file=b"a,b"))
    shown = side.shown()
    assert shown.index("周报") < shown.index("week.csv")


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[]", b"{}", b"null"])
async def test_what_cannot_be_read_is_refused(side: _Side, payload: bytes) -> None:
    """One error, by which it is put aside."""
    with pytest.raises(InvalidEnvelopeError):
        side.channel.parse("1", payload)


async def test_a_channel_is_up_while_it_runs_and_stops_when_told(side: _Side) -> None:
    """Before it runs it is starting; a stop ends it without an error."""
    assert (side.channel.health.up, side.channel.health.word) == (False, "starting")
    async with running(side.channel, Stored()) as task:
        await until(lambda: side.channel.health.up)
        assert not task.done()
    assert task.done()


async def test_courtesies_for_a_message_without_a_button_do_no_harm(side: _Side) -> None:
    """A choice that came as a number has no button to take away."""
    inbound = Inbound(
        channel=side.channel.name,
        key="1",
        person=f"{side.channel.name}:1",
        address=side.address,
        order=1,
        kind=InboundKind.CHOICE,
        choice="a.1",
    )
    await side.channel.acknowledge(inbound)
    await side.channel.settle(inbound)
