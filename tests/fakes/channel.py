"""A channel without a platform: the real interface, with what was sent kept and failures on request."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Sequence
from itertools import count

from bot.channels.base import Health, Receive
from domain.errors import ChannelError, InvalidEnvelopeError
from domain.message import Inbound, InboundKind, Outbound

Update = tuple[str, str, bytes]


class FakeChannel:
    """What people do is made by `wrote`, `pressed` and `did`; what they get stands in `sent`.

    A person's address is their number, as in a private chat. `failing` holds what the next sends raise, `unkind` what
    the next courtesies raise; an update with a key in `odd` cannot be read.
    """

    def __init__(self, name: str = "telegram") -> None:
        self.name = name
        self.health = Health(up=True, word="up")
        self.sent: list[tuple[str, Outbound]] = []
        self.failing: deque[ChannelError] = deque()
        self.unkind: deque[ChannelError] = deque()
        self.acknowledged: list[str] = []
        self.settled: list[str] = []
        self.odd: set[str] = set()
        self.waiting: deque[Sequence[Update]] = deque()
        self._numbers = count(1)

    # ---- what people do ----

    def did(self, person: int, kind: InboundKind, **fields: str) -> Update:
        """Return an update of anything a person did."""
        number = next(self._numbers)
        values = {"person": f"{self.name}:{person}", "address": str(person), "kind": kind.value, "order": number}
        return self.name, str(number), json.dumps(values | fields).encode()

    def wrote(self, person: int, text: str) -> Update:
        """Return the update of a text."""
        return self.did(person, InboundKind.TEXT, text=text)

    def pressed(self, person: int, label: str, *, times_ago: int = 0) -> Update:
        """Return the update of a button: the one of this label that was sent to the person last, or before that."""
        offered = [
            (number, choice.id)
            for number, message in enumerate(self.to(person))
            for row in message.choices
            for choice in row
            if choice.label == label
        ]
        number, choice = offered[-1 - times_ago]
        return self.did(person, InboundKind.CHOICE, choice=choice, button=f"{person}:{number}")

    def to(self, person: int) -> list[Outbound]:
        """Return what this person got, in order."""
        return [message for address, message in self.sent if address == str(person)]

    # ---- the interface of a channel ----

    def parse(self, key: str, payload: bytes) -> Inbound | None:
        """Return what a person did; None for an update that says `null`."""
        if key in self.odd:
            raise InvalidEnvelopeError
        fields = json.loads(payload)
        if fields is None:
            return None
        return Inbound(channel=self.name, key=key, **{**fields, "kind": InboundKind(fields["kind"])})

    async def send(self, address: str, message: Outbound) -> None:
        """Keep the message, or raise what was asked for; an ambiguous failure keeps it as well."""
        await asyncio.sleep(0)
        if self.failing:
            failure = self.failing.popleft()
            if getattr(failure, "ambiguous", False):
                self.sent.append((address, message))
            raise failure
        self.sent.append((address, message))

    async def acknowledge(self, inbound: Inbound) -> None:
        """Keep which button was acknowledged."""
        self.acknowledged.append(inbound.button)
        if self.unkind:
            raise self.unkind.popleft()

    async def settle(self, inbound: Inbound) -> None:
        """Keep whose buttons were taken away."""
        self.settled.append(inbound.button)
        if self.unkind:
            raise self.unkind.popleft()

    async def run(self, receive: Receive, stop: asyncio.Event) -> None:
        """Hand over what waits until `stop` is set."""
        while not stop.is_set():
            while self.waiting:
                await receive(self.waiting[0])
                self.waiting.popleft()
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        """Send nothing any more."""
        self.health = Health(up=False, word="closed")
