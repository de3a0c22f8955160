"""What a text says: kind, categories, demanding body, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Kind(StrEnum):
    """What a message is (labelling guide, field `kind`)."""

    REPORT = "report"
    QUESTION = "question"
    PRAISE = "praise"
    COMPLAINT = "complaint"
    CHAT = "chat"


class Body(StrEnum):
    """The office that demands the burden (labelling guide, field `body`)."""

    EDUCATION = "education"
    SCHOOL = "school"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    POLICE = "police"
    HEALTH = "health"
    FIRE = "fire"
    CIVILIZATION = "civilization"
    URBAN = "urban"
    PARTY = "party"
    LEAGUE = "league"
    WOMEN = "women"
    JUSTICE = "justice"
    STATISTICS = "statistics"
    MARKET = "market"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word or pattern found at `start`..`end` (characters of the original text) and how much it weighed.

    A negative weight spoke against. `pattern` is the pack's word or the name of a rule, never the writer's own words.
    """

    pattern: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Label:
    """A category the text names, with its score in 0..1, what spoke for it, and the ids of the clauses it rests on."""

    category: str
    score: float
    evidence: tuple[Evidence, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """The reading of one text under one policy pack.

    `labels` (1 to 3, best first) is empty unless `kind` is report; `candidates` are at least three category ids, best
    first, whatever the kind; `confidence` is the calibrated probability that the first candidate is right; `sure`
    says that no question need be asked.
    """

    kind: Kind
    labels: tuple[Label, ...]
    candidates: tuple[str, ...]
    body: Body | None
    confidence: float
    sure: bool
    pack: str

    def __post_init__(self) -> None:
        """Refuse a reading that contradicts itself."""
        if bool(self.labels) != (self.kind is Kind.REPORT) or len(self.labels) > 3:
            raise ValueError("a report has one to three labels and nothing else has any")
        if len(self.candidates) < 3 or len(set(self.candidates)) != len(self.candidates):
            raise ValueError("a classification names at least three different candidates")
        if any(first.score < second.score for first, second in pairwise(self.labels)):
            raise ValueError("labels are ordered best first")
        if not 0 <= self.confidence <= 1:
            raise ValueError("confidence is a probability")
