"""What goes into a flow and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.conversation.step import Draft, Piece, Step
from domain.message import Outbound

# ---- what a person did, or what an action brought ----


@dataclass(frozen=True, slots=True)
class Wrote:
    """The person wrote a text."""

    text: str


@dataclass(frozen=True, slots=True)
class Commanded:
    """The person gave a command such as `status` with the words behind it."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Chose:
    """The person tapped a choice."""

    id: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something came that is no message to work with; `key` names the sentence that answers it."""

    key: str


@dataclass(frozen=True, slots=True)
class Examined:
    """A text was masked and read: the draft as it stands now."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Submitted:
    """The draft was stored; `receipt` is its code as people read it."""

    draft: Draft
    receipt: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An action has its answer: a sentence of the text files, or finished text, and at most one file."""

    key: str = ""
    arguments: Mapping[str, str | int] = field(default_factory=dict)
    text: str = ""
    file_name: str = ""
    file: bytes = b""


@dataclass(frozen=True, slots=True)
class NotSubmitted:
    """The draft could not be stored for the reason given; it stays open."""

    draft: Draft
    answer: Answered


Event: TypeAlias = Wrote | Commanded | Chose | Noticed | Examined | Submitted | NotSubmitted | Answered

# ---- what the flow wants done ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Examine:
    """Mask the raw `text`, if there is one, and read it behind `draft`, or behind `pieces` as a new draft.

    `pieces` were split off as a report of their own, so they are one whatever they read like; `waiting` are masked
    messages kept for the drafts after a new one.
    """

    text: str = field(default="", repr=False)
    draft: Draft | None = None
    pieces: tuple[Piece, ...] = ()
    region: str | None = None
    waiting: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Submit:
    """Store the draft as a report and issue its receipt."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class LookUp:
    """Say how the report of this receipt stands."""

    receipt: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Withdraw the report of this receipt."""

    receipt: str


@dataclass(frozen=True, slots=True)
class Join:
    """Make the person staff by an invitation code."""

    code: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Answer a question about released numbers."""

    question: str


@dataclass(frozen=True, slots=True)
class ShowDigest:
    """Show the latest released digest of the person's region."""


@dataclass(frozen=True, slots=True)
class ExplainPrivacy:
    """Say what is known and kept, from the effective settings."""


@dataclass(frozen=True, slots=True)
class Help:
    """Say what this person can do here."""


Action: TypeAlias = Examine | Submit | LookUp | Withdraw | Join | Ask | ShowDigest | ExplainPrivacy | Help


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the conversation stands now, what is said, and what is to be done next."""

    step: Step
    replies: tuple[Outbound, ...] = ()
    action: Action | None = None
