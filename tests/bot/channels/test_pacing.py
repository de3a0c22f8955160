"""How fast one channel sends."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

import pytest

from bot.channels.pacing import Pacer


class _Time:
    """A time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 100.0
        self._waiting: list[tuple[float, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((self.now + seconds, future))
        await future

    async def pass_until(self, finished: Callable[[], bool]) -> None:
        for _ in range(10_000):
            for _ in range(5):
                await asyncio.sleep(0)
            if finished():
                return
            self._waiting.sort(key=lambda pair: pair[0])
            moment, future = self._waiting.pop(0)
            self.now = max(self.now, moment)
            future.set_result(None)


async def _moments(chats: list[str], *, per_second: float, per_chat: float) -> list[tuple[str, float]]:
    passing = _Time()
    pacer = Pacer(per_second=per_second, per_chat_per_second=per_chat, clock=passing, sleep=passing.sleep)
    moments: list[tuple[str, float]] = []

    async def send(chat: str) -> None:
        await pacer.turn(chat)
        moments.append((chat, passing.now - 100))

    tasks = [asyncio.create_task(send(chat)) for chat in chats]
    await passing.pass_until(lambda: all(task.done() for task in tasks))
    await asyncio.gather(*tasks)
    return moments


async def test_messages_into_one_chat_are_spaced() -> None:
    """One a second means one a second, the first at once."""
    moments = await _moments(["a", "a", "a"], per_second=1000, per_chat=1)
    assert [moment for _, moment in moments] == pytest.approx([0, 1, 2], abs=0.01)


async def test_messages_overall_are_spaced() -> None:
    """Many chats together stay within the overall rate."""
    moments = await _moments([str(number) for number in range(50)], per_second=25, per_chat=1)
    times = sorted(moment for _, moment in moments)
    assert times[-1] == pytest.approx(49 / 25, abs=0.01)
    assert all(later - earlier >= 1 / 25 - 1e-6 for earlier, later in itertools.pairwise(times))


async def test_a_chat_that_waits_does_not_hold_up_the_others() -> None:
    """Somebody with three messages leaves the turns of others alone."""
    moments = await _moments(["a", "a", "a", "b", "c"], per_second=100, per_chat=1)
    assert max(moment for chat, moment in moments if chat in "bc") < 0.1


async def test_an_address_is_forgotten_once_its_turn_is_free() -> None:
    """Addresses do not pile up in memory."""
    passing = _Time()
    pacer = Pacer(per_second=1e9, per_chat_per_second=1, clock=passing, sleep=passing.sleep)
    for number in range(5000):
        passing.now += 0.01
        await pacer.turn(str(number))
    assert len(pacer._next_in) <= 1000
