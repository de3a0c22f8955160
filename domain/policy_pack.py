"""The policy pack: documents, clauses word for word, groups and categories of burdens."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document carried word for word: `sha256` is of the raw bytes, `text` is the cleaned text."""

    id: str
    title: str
    sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A passage cut verbatim from a document; `place` says where it stands, for people (方案 三(一)1, 台账 第7项)."""

    id: str
    document: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """A family of categories."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Category:
    """A burden the policy names.

    `short` fits a button; `describes` says the burden in plain words; `right` says what a teacher may refuse; `clauses`
    are clause ids, the most telling first; `ledger_rows` are the row numbers of the task ledger.
    """

    id: str
    group: str
    name: str
    short: str
    describes: str
    right: str
    clauses: tuple[str, ...]
    ledger_rows: tuple[int, ...]
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class PolicyPack:
    """One version of the policy for one region; checked for contradictions when it is loaded."""

    id: str
    version: str
    title: str
    documents: tuple[Document, ...]
    clauses: tuple[Clause, ...]
    groups: tuple[Group, ...]
    categories: tuple[Category, ...]
    body_names: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The id and version under which reports remember this pack."""
        return f"{self.id}@{self.version}"

    @cached_property
    def category_by_id(self) -> dict[str, Category]:
        """Categories by their id, in the pack's order."""
        return {category.id: category for category in self.categories}

    @cached_property
    def clause_by_id(self) -> dict[str, Clause]:
        """Clauses by their id."""
        return {clause.id: clause for clause in self.clauses}

    @cached_property
    def group_by_id(self) -> dict[str, Group]:
        """Groups by their id, in the pack's order."""
        return {group.id: group for group in self.groups}

    def categories_of(self, group: str) -> tuple[Category, ...]:
        """Return the categories of one group, in the pack's order."""
        return tuple(category for category in self.categories if category.group == group)
