"""Many people who each send one report at once, follow the bot's questions, and keep their receipts."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from tests.fakes.bot_api import Control
from tests.fakes.bot_api_state import Json

RECEIPT = re.compile(r"(?<![A-Z0-9])[A-Z0-9]{5}(?:-[A-Z0-9]{5}){3}(?![A-Z0-9])")
_FIRST_PERSON = 880_000_001
_FORWARD = ("insist.", "region.", "submit.")
_WELCOME = "您好"
_MARKER = 8  # characters of a text that no log would hold by chance


def development_reports() -> list[str]:
    """Return the texts of the labelled development messages that are reports."""
    folder = files("classifiers.corpus").joinpath("development")
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".jsonl")), key=lambda path: path.name)
    lines = [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [line["text"] for line in lines if line["kind"] == "report"]


@dataclass
class Person:
    """One account, what it writes, and how far it came."""

    number: int
    text: str
    pressed: int = 0  # the last message of the bot whose button was pressed
    moved: float = field(default_factory=time.monotonic)
    receipts: set[str] = field(default_factory=set)

    def see(self, messages: Sequence[Json]) -> str:
        """Read the chat; return the button to press next, if one is offered that leads on."""
        for message in messages:
            self.receipts.update(RECEIPT.findall(message.get("text", "")))
        if self.receipts:
            return ""
        for message in reversed(messages):
            if message["message_id"] <= self.pressed:
                return ""
            if button := _forward(message):
                self.pressed = message["message_id"]
                return button
        return ""


def _forward(message: Json) -> str:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    offered = [button["callback_data"] for row in rows for button in row]
    return next((data for start in _FORWARD for data in offered if data.startswith(start)), "")


class Crowd:
    """People in their private chats with one bot; `patience` is how many seconds one waits before asking again."""

    def __init__(self, api: Control, texts: Iterable[str], *, patience: float | None = None) -> None:
        self._api = api
        self._patience = patience
        self.people = [Person(_FIRST_PERSON + place * 7919, text) for place, text in enumerate(texts)]

    @property
    def receipts(self) -> list[str]:
        """Every receipt code somebody has, once for each person who has it."""
        return [code for person in self.people for code in sorted(person.receipts)]

    @property
    def done(self) -> int:
        """How many people have a receipt."""
        return sum(bool(person.receipts) for person in self.people)

    @property
    def markers(self) -> list[str]:
        """What no log may hold: the people, their receipts, and pieces of what they wrote."""
        texts = [person.text[:_MARKER] for person in self.people]
        return [*texts, *(str(person.number) for person in self.people), *self.receipts]

    def write(self) -> None:
        """Everybody sends their text."""
        for person in self.people:
            self._api.say(person.number, person.text)
            person.moved = time.monotonic()

    def follow(self, *, until: Callable[[], bool] | None = None, seconds: float = 150) -> None:
        """Press what the bot offers until everybody has a receipt, or `until` is true; fails when it takes too long."""
        end = time.monotonic() + seconds
        while self.done < len(self.people) and not (until and until()):
            assert time.monotonic() < end, f"{self.done} of {len(self.people)} have a receipt; {self._stuck()}"
            if not self.go_on():
                time.sleep(0.1)

    def go_on(self) -> int:
        """Let everybody read and press once; returns how many pressed."""
        chats: dict[int, list[Json]] = {}
        for message in self._api.do("sent"):
            chats.setdefault(message["chat"]["id"], []).append(message)
        pressed = 0
        for person in self.people:
            if button := person.see(chats.get(person.number, [])):
                self._api.press(person.number, person.pressed, button, stale=True)
                person.moved = time.monotonic()
                pressed += 1
            elif self._patience and not person.receipts and time.monotonic() - person.moved > self._patience:
                self._ask_again(person, chats.get(person.number, []))
        return pressed

    def _ask_again(self, person: Person, messages: Sequence[Json]) -> None:
        """Ask to see the open draft again; when the answer to that shows that there is none, write once more.

        Messages of one chat keep their order: a receipt that was still under way would have come before that answer.
        """
        welcomed = bool(messages) and messages[-1].get("text", "").startswith(_WELCOME)
        self._api.say(person.number, person.text if welcomed else "/start")
        person.moved = time.monotonic()

    def _stuck(self) -> str:
        """Say what the others read last, and how much the bot has not fetched."""
        chats = (self._api.texts(person.number) for person in self.people if not person.receipts)
        last = Counter((texts or ["nothing"])[-1][:15] for texts in chats)
        return f"the others read last: {last.most_common(5)}; {len(self._api.waiting())} updates wait"

    def check_receipts(self) -> None:
        """Fail unless everybody has exactly one receipt code, and no two the same."""
        assert [len(person.receipts) for person in self.people] == [1] * len(self.people)
        assert len(set(self.receipts)) == len(self.people)
