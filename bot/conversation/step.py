"""The steps of a conversation and the data each one carries."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias

from domain.classification import Body, Kind
from domain.message import Choice


@dataclass(frozen=True, slots=True)
class Piece:
    """One masked message, and how many places in it were masked."""

    text: str
    masked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A masked text on its way to becoming a report, and how it was read.

    `token` and `version` tell the buttons of what is shown now from those of anything shown before; `pieces` are the
    messages it was written in; `waiting` are those that become the next drafts. Without candidates it must be read
    again.
    """

    token: str
    pieces: tuple[Piece, ...]
    kind: Kind
    categories: tuple[str, ...]
    candidates: tuple[str, ...]
    body: Body | None
    sure: bool
    pack: str
    version: int = 0
    region: str | None = None
    corrected: bool = False
    insisted: bool = False
    waiting: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """The whole masked text."""
        return "\n".join(piece.text for piece in self.pieces)

    @property
    def masked(self) -> int:
        """How many places were masked."""
        return sum(piece.masked for piece in self.pieces)

    @property
    def mark(self) -> str:
        """What the buttons carry."""
        return f"{self.token}~{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """Nothing is open; `region` came with a deep link and counts for the next draft only."""

    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingDraft:
    """A draft is shown and waits for 提交, 改类别, 补充 or 取消."""

    draft: Draft
    offered: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingRegion:
    """A draft waits for its region."""

    draft: Draft
    offered: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingCategory:
    """A draft waits for another category."""

    draft: Draft
    offered: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAReport:
    """A message was answered; 仍作为反映提交 is offered."""

    draft: Draft
    offered: tuple[Choice, ...] = ()


Step: TypeAlias = Idle | ShowingDraft | ChoosingRegion | ChoosingCategory | NotAReport

_STEPS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (Idle, ShowingDraft, ChoosingRegion, ChoosingCategory, NotAReport)
}


def draft_of(step: Step) -> Draft | None:
    """Return the draft that is open in this step."""
    return None if isinstance(step, Idle) else step.draft


def is_open(step: Step) -> bool:
    """Whether something is being written, or waits to be shown."""
    return not isinstance(step, Idle) and (not isinstance(step, NotAReport) or bool(step.draft.waiting))


def with_offered(step: Step, offered: tuple[Choice, ...]) -> Step:
    """Return the step remembering which choices were offered, so that they can be answered by number."""
    return step if isinstance(step, Idle) else replace(step, offered=offered)


def offered_in(step: Step) -> tuple[Choice, ...]:
    """Return the choices a bare number stands for."""
    return () if isinstance(step, Idle) else step.offered


def encode(step: Step) -> bytes:
    """Return the step as bytes for sealed storage."""
    return json.dumps({"step": type(step).__name__, **asdict(step)}, ensure_ascii=False).encode()


def decode(payload: bytes) -> Step:
    """Return the step `encode` wrote; raises ValueError for anything else, such as a step of another version."""
    try:
        return _decoded(json.loads(payload))
    except (AttributeError, LookupError, TypeError, ValueError):
        raise ValueError("unknown step") from None  # the cause would hold the draft


def _decoded(fields: dict[str, Any]) -> Step:
    kind = _STEPS[fields.pop("step")]
    if kind is Idle:
        return Idle(**fields)
    draft = fields["draft"]
    values = {
        "pieces": tuple(Piece(**piece) for piece in draft["pieces"]),
        "waiting": tuple(Piece(**piece) for piece in draft["waiting"]),
        "categories": tuple(draft["categories"]),
        "candidates": tuple(draft["candidates"]),
        "kind": Kind(draft["kind"]),
        "body": Body(draft["body"]) if draft["body"] else None,
    }
    offered = tuple(Choice(**choice) for choice in fields["offered"])
    step: Step = kind(draft=Draft(**{**draft, **values}), offered=offered)
    return step
