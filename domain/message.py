"""What comes in from a person and what goes out to one, on any channel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class InboundKind(StrEnum):
    """What a person did."""

    TEXT = "text"
    COMMAND = "command"
    CHOICE = "choice"
    UNSUPPORTED = "unsupported"  # a photo, a voice, a file, a sticker: declined and dropped at once
    EDITED = "edited"
    ELSEWHERE = "elsewhere"  # a group or a channel: only private chats are answered
    BLOCKED = "blocked"  # the person closed the chat: nothing is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One thing a person did, in the words of no platform.

    `key` is the platform's own id of the event, unique within `channel`; `person` is the person key of the counting
    rulings (`telegram:<id>`); `address` is where an answer goes; `order` sorts the events of one person;
    `button` names the message whose button was pressed, in the channel's own words.
    """

    channel: str
    key: str
    person: str
    address: str
    order: int
    kind: InboundKind
    text: str = ""
    command: str = ""
    choice: str = ""
    button: str = ""
    forwarded: bool = False

    def __post_init__(self) -> None:
        """Refuse an event that could not be told from another or answered."""
        if not self.channel or not self.key or not self.person.startswith(f"{self.channel}:"):
            raise ValueError("an inbound message needs a channel, a key and a person of that channel")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer a person may tap: `id` is at most 64 bytes (Telegram callback_data), `label` is what they read."""

    id: str
    label: str

    def __post_init__(self) -> None:
        """Refuse what a button cannot carry."""
        if not 1 <= len(self.id.encode()) <= 64 or not self.label:
            raise ValueError("a choice needs an id of 1 to 64 bytes and a label")


class Repeat(StrEnum):
    """What to do when nobody knows whether a message arrived."""

    ALLOWED = "allowed"  # receipts: a doubled bubble is better than a lost receipt
    FORBIDDEN = "forbidden"  # digests and ordinary answers: list or drop, never double


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One message to one person: words, choices and at most one file; never markup."""

    text: str
    choices: tuple[tuple[Choice, ...], ...] = ()
    repeat: Repeat = Repeat.FORBIDDEN
    file_name: str = ""
    file: bytes = b""

    def __post_init__(self) -> None:
        """Refuse an empty message."""
        if not self.text.strip() and not self.file:
            raise ValueError("an outbound message needs text or a file")
