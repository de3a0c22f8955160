"""A draft, and the confirmed report it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.classification import Body, Kind


class Source(StrEnum):
    """Where a report came from; the two are released apart and never added."""

    CHAT = "chat"
    IMPORT = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A confirmed message that names a burden; holds masked text only and nothing about its writer.

    `week` is the ISO week of the local date of confirmation (2026-W40); `categories` has one to three ids, the main
    one first; `corrected` says that the reporter chose the category; `slip_link` opens the report's slip with the
    receipt and with nothing else.
    """

    text: str
    region: str
    week: str
    categories: tuple[str, ...]
    body: Body | None
    kind: Kind
    pack: str
    source: Source = Source.CHAT
    corrected: bool = False
    slip_link: bytes = b""

    def __post_init__(self) -> None:
        """Refuse a report that names no burden or too many."""
        if not 1 <= len(self.categories) <= 3 or len(set(self.categories)) != len(self.categories):
            raise ValueError("a report names one to three different categories")
        if not self.text.strip():
            raise ValueError("a report has a text")


class ReportState(StrEnum):
    """What a receipt says about its report."""

    STORED = "stored"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """From which distinct people are counted at release; exists in clear in memory only.

    `person` is a keyed tag of the person key; `week` the ISO week; `region` the leaf that was named, which the
    lattice of its block folds when it is counted.
    """

    person: bytes
    week: str
    region: str
    categories: tuple[str, ...]
    body: Body | None
    source: Source
