"""Who may see released numbers: supervisors and administrators."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person who joined by invitation may do."""

    SUPERVISOR = "supervisor"  # gets the digest of a region, may ask for statistics
    ADMINISTRATOR = "administrator"  # may ask for statistics, is told what the operator must know


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A person who joined by invitation; `person` and `address` are sealed wherever they are kept."""

    id: str
    role: Role
    region: str
    channel: str
    person: str
    address: str
