"""Reads lines from a file descriptor without stopping the event loop: a terminal, a pipe, a file, /dev/null."""

from __future__ import annotations

import asyncio
import os
import unicodedata
from typing import Final

LINE_BYTES: Final = 1_000_000
_CHUNK: Final = 65_536


class Lines:
    """The lines of one file descriptor, as bytes without their end."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor
        self._buffer = bytearray()
        self._ended = descriptor is None

    async def next(self) -> bytes | None:
        """Return the next line; None at the end of input. A line over 1 MB comes shortened to that."""
        line = bytearray()
        while True:
            head, newline, tail = self._buffer.partition(b"\n")
            line += head[: LINE_BYTES - len(line)]
            self._buffer = tail
            if newline:
                return bytes(line)
            if self._ended:
                return bytes(line) or None
            self._buffer += await self._chunk()

    async def _chunk(self) -> bytes:
        if self._descriptor is None:
            return b""
        try:
            await self._readable(self._descriptor)
            chunk = os.read(self._descriptor, _CHUNK)
        except OSError:  # closed, or its terminal is gone
            chunk = b""
        self._ended = not chunk
        return chunk

    @staticmethod
    async def _readable(descriptor: int) -> None:
        """Wait until reading does not block; a regular file never does, and cannot be waited for."""
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        try:
            loop.add_reader(descriptor, ready.set)
        except PermissionError:
            return
        try:
            await ready.wait()
        finally:
            loop.remove_reader(descriptor)


def readable(line: bytes) -> str | None:
    """Return the text of a line; None if it is not UTF-8, holds control characters or is over 1 MB."""
    if len(line) >= LINE_BYTES:
        return None
    try:
        text = line.decode("utf-8-sig").removesuffix("\r")
    except UnicodeDecodeError:
        return None
    return None if any(unicodedata.category(mark) == "Cc" and mark != "\t" for mark in text) else text
