"""A text whose personal data has been replaced by placeholders."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class PersonalData(StrEnum):
    """Types of personal data (shared/data/README.md)."""

    PERSON = "person"
    PHONE = "phone"
    ID_CARD = "id_card"
    EMAIL = "email"
    WECHAT = "wechat"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    EMPLOYEE_NO = "employee_no"
    ADDRESS = "address"
    SCHOOL = "school"
    CLASS = "class"
    URL_WITH_ID = "url_with_id"


@dataclass(frozen=True, slots=True)
class PersonalDataSpan:
    """Personal data at `start`..`end` in characters of the original, and the name of the rule that found it."""

    start: int
    end: int
    type: PersonalData
    why: str = ""

    def __post_init__(self) -> None:
        """Refuse an empty or reversed span."""
        if not 0 <= self.start < self.end:
            raise ValueError("a span needs 0 <= start < end")


@dataclass(frozen=True, slots=True)
class MaskedText:
    """The masked text and the spans of the original that were replaced, in order and without overlap."""

    text: str
    spans: tuple[PersonalDataSpan, ...]

    def __post_init__(self) -> None:
        """Refuse overlapping spans."""
        if any(first.end > second.start for first, second in pairwise(self.spans)):
            raise ValueError("spans must be in order and must not overlap")
