"""The terminal as a channel: pipes, files, terminals, nothing at all."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from bot.channels.terminal import ADDRESS, PERSON, TerminalChannel
from bot.channels.terminal_input import LINE_BYTES, readable
from bot.wording import Wording
from domain.errors import ChannelUnavailableError, InvalidEnvelopeError, StorageError
from domain.message import Choice, Inbound, InboundKind, Outbound
from tests.fakes.stored_updates import until

_UNREADABLE = Wording("en").say("terminal-unreadable")


class _Talk:
    """A terminal channel whose every line is answered with the same words, a moment later."""

    def __init__(self, descriptor: int | None, *, echo: bool = True, output: io.TextIOBase | None = None) -> None:
        self.output = output or io.StringIO()
        self.seen: list[Inbound] = []
        self.failures = 0
        self._waiting: list[Inbound] = []
        self.channel = TerminalChannel(
            descriptor=descriptor,
            output=self.output,  # type: ignore[arg-type]
            echo=echo,
            wording=Wording("en"),
            idle=self._idle,
        )

    async def receive(self, updates: Sequence[tuple[str, str, bytes]]) -> None:
        if self.failures:
            self.failures -= 1
            raise StorageError
        for channel, key, payload in updates:
            inbound = self.channel.parse(key, payload)
            assert inbound is not None
            assert channel == self.channel.name
            self._waiting.append(inbound)

    async def _idle(self) -> None:
        await asyncio.sleep(0.002)
        for inbound in self._waiting:
            self.seen.append(inbound)
            await self.channel.send(inbound.address, Outbound(text=f"heard {inbound.text}"))
        self._waiting.clear()

    async def run(self, stop: asyncio.Event | None = None) -> None:
        await asyncio.wait_for(self.channel.run(self.receive, stop or asyncio.Event()), 5)

    @property
    def shown(self) -> str:
        assert isinstance(self.output, io.StringIO)
        return self.output.getvalue()


@pytest.fixture
async def piped() -> AsyncIterator[Callable[[bytes], int]]:
    """Return descriptors from which given bytes can be read, then the end."""
    opened: list[int] = []

    def make(content: bytes) -> int:
        reading, writing = os.pipe()
        os.write(writing, content)
        os.close(writing)
        opened.append(reading)
        return reading

    yield make
    for descriptor in opened:
        os.close(descriptor)


async def test_piped_lines_are_answered_one_by_one(piped: Callable[[bytes], int]) -> None:
    """Each line is shown, then its answer, before the next one is taken."""
    talk = _Talk(piped("一\n二\r\n最后一行没有换行".encode()))
    await talk.run()
    assert talk.shown == "> 一\nheard 一\n\n> 二\nheard 二\n\n> 最后一行没有换行\nheard 最后一行没有换行\n\n"


async def test_a_line_is_a_text_of_the_local_person(piped: Callable[[bytes], int]) -> None:
    """Every line, the same twice too, is an event of its own, in order."""
    talk = _Talk(piped(b"/help\nsame\nsame\n"))
    await talk.run()
    assert [inbound.text for inbound in talk.seen] == ["/help", "same", "same"]
    assert {(inbound.kind, inbound.person, inbound.address) for inbound in talk.seen} == {
        (InboundKind.TEXT, PERSON, ADDRESS)
    }
    assert len({inbound.key for inbound in talk.seen}) == 3
    assert sorted(inbound.order for inbound in talk.seen) == [inbound.order for inbound in talk.seen]


async def test_a_later_start_comes_after_an_earlier_one(piped: Callable[[bytes], int]) -> None:
    """Keys never repeat across starts, and order goes on."""
    first, second = _Talk(piped(b"a\n")), _Talk(piped(b"a\n"))
    await first.run()
    await second.run()
    assert first.seen[0].key != second.seen[0].key
    assert first.seen[0].order < second.seen[0].order


async def test_a_file_and_nothing_at_all_are_input_too(tmp_path: Path) -> None:
    """A regular file cannot be waited for, /dev/null and a closed input end at once."""
    file = tmp_path / "lines"
    file.write_bytes(b"\xef\xbb\xbf" + "一\n二\n".encode())
    for path, expected in ((str(file), ["一", "二"]), ("/dev/null", [])):
        descriptor = os.open(path, os.O_RDONLY)
        talk = _Talk(descriptor)
        await talk.run()
        os.close(descriptor)
        assert [inbound.text for inbound in talk.seen] == expected
    for closed in (None, descriptor):
        talk = _Talk(closed)
        await talk.run()
        assert talk.shown == ""
    assert talk.channel.health.word == "ended"


async def test_a_terminal_is_prompted_and_not_echoed() -> None:
    """Whoever types sees a prompt; Ctrl-D ends."""
    ours, theirs = pty.openpty()
    talk = _Talk(theirs, echo=False)
    task = asyncio.create_task(talk.run())
    await until(lambda: talk.shown == "> ")
    os.write(ours, "你好\n".encode())
    await until(lambda: talk.shown == "> heard 你好\n\n> ")
    os.write(ours, b"\x04")
    await task
    assert talk.shown == "> heard 你好\n\n> \n"
    os.close(ours)
    os.close(theirs)


async def test_a_stop_does_not_wait_for_a_line() -> None:
    """A reader with nothing to read is left at once."""
    reading, writing = os.pipe()
    talk = _Talk(reading)
    stop = asyncio.Event()
    task = asyncio.create_task(talk.run(stop))
    await asyncio.sleep(0.02)
    assert talk.channel.health.up
    begun = time.monotonic()
    stop.set()
    await task
    assert time.monotonic() - begun < 0.5
    os.close(reading)
    os.close(writing)


async def test_a_line_may_arrive_in_pieces() -> None:
    """A character cut in two by the pipe is put together again."""
    reading, writing = os.pipe()
    talk = _Talk(reading)
    task = asyncio.create_task(talk.run())
    for piece in ("填".encode()[:1], "填".encode()[1:], b"\nx", b"y\n"):
        os.write(writing, piece)
        await asyncio.sleep(0.01)
    os.close(writing)
    await task
    assert [inbound.text for inbound in talk.seen] == ["填", "xy"]
    os.close(reading)


@pytest.mark.parametrize(
    "line", [b"\xff\xfe\x00", b"a\x00b", b"\x1b[31mred", "中文".encode("gb18030"), b"\x7f", "a\u0085b".encode()]
)
async def test_a_line_that_is_no_text_gets_one_sentence(piped: Callable[[bytes], int], line: bytes) -> None:
    """Nothing of it is taken or shown, and the next line is handled."""
    talk = _Talk(piped(line + b"\nnext\n"))
    await talk.run()
    assert talk.shown == f"> �\n{_UNREADABLE}\n\n> next\nheard next\n\n"
    assert [inbound.text for inbound in talk.seen] == ["next"]


async def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    """Over 1 MB it is refused whole, and what follows is handled."""
    file = tmp_path / "long"
    file.write_bytes(b"x" * (3 * LINE_BYTES) + b"\nnext\n")
    descriptor = os.open(file, os.O_RDONLY)
    talk = _Talk(descriptor)
    await talk.run()
    os.close(descriptor)
    assert talk.shown.startswith(f"> �\n{_UNREADABLE}")
    assert [inbound.text for inbound in talk.seen] == ["next"]


def test_a_tab_an_emoji_and_an_empty_line_are_text() -> None:
    """Only what no sentence holds is refused."""
    assert [readable(line) for line in (b"a\tb", "😀".encode(), b"")] == ["a\tb", "😀", ""]


async def test_a_line_that_cannot_be_stored_is_said_so(piped: Callable[[bytes], int]) -> None:
    """The person can type it again."""
    talk = _Talk(piped(b"a\nb\n"))
    talk.failures = 1
    await talk.run()
    assert talk.shown == f"> a\n{Wording('en').say('error-generic')}\n\n> b\nheard b\n\n"


async def test_choices_are_numbered_on_until_the_next_line(piped: Callable[[bytes], int]) -> None:
    """Two messages of one answer share one row of numbers, as the conversation reads them."""
    talk = _Talk(piped(b"next\n"))
    rows = ((Choice("a", "甲"), Choice("b", "乙")),)
    await talk.channel.send(ADDRESS, Outbound(text="一", choices=rows))
    await talk.channel.send(ADDRESS, Outbound(text="二", choices=rows))
    await talk.run()
    await talk.channel.send(ADDRESS, Outbound(text="三", choices=rows))
    assert talk.shown.startswith("一\n1. 甲\n2. 乙\n\n二\n3. 甲\n4. 乙\n\n")
    assert talk.shown.endswith("三\n1. 甲\n2. 乙\n\n")


async def test_a_file_is_named() -> None:
    """A terminal shows no pictures."""
    talk = _Talk(None)
    await talk.channel.send(ADDRESS, Outbound(text="周报", file_name="a.xlsx", file=b"x"))
    assert talk.shown == "周报\n[file: a.xlsx]\n\n"


async def test_what_the_terminal_cannot_show_is_replaced() -> None:
    """An old code page does not end the program."""
    raw = io.BytesIO()
    talk = _Talk(None, output=io.TextIOWrapper(raw, encoding="gb2312"))
    await talk.channel.send(ADDRESS, Outbound(text="填表😀\ud83d"))
    assert raw.getvalue().decode("gb2312").rstrip() == "填表??"


async def test_output_that_nobody_reads_ends_the_run(piped: Callable[[bytes], int]) -> None:
    """A closed pipe behind the program is no traceback."""
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8", closefd=False) as output:  # noqa: ASYNC230  a pipe
        talk = _Talk(piped(b"a\nb\n"), output=output)
        await talk.run()
        assert talk.seen == []
        with pytest.raises(ChannelUnavailableError):
            await talk.channel.send(ADDRESS, Outbound(text="x"))
        os.dup2(os.open("/dev/null", os.O_WRONLY), writing)  # so that closing can flush
    os.close(writing)


@pytest.mark.parametrize("payload", [b"", b"[]", b"{}", b'{"order":"x","text":"y"}', b"\xff"])
def test_bytes_that_are_no_line_are_refused(payload: bytes) -> None:
    """What an inbox gives back broken is put aside."""
    with pytest.raises(InvalidEnvelopeError):
        _Talk(None).channel.parse("k", payload)
