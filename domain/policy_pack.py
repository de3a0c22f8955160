"""The policy pack: documents, clauses word for word, groups and categories of burdens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

OTHER_BURDEN = "other_burden"
"""The category of what no clause names; the only one that cites nothing."""

CATEGORY_IDS = (
    "unapproved_inspection",
    "repeated_inspection",
    "trace_management",
    "rigid_evaluation",
    "forced_app_voting",
    "street_duty",
    "special_campaign",
    "campus_publicity",
    "community_affairs",
    "unrelated_tasks",
    "documents_meetings",
    "exam_duty",
    "aid_assignment",
    "duplicate_forms",
    "material_writing",
    "surveys_statistics",
    "secondment",
    "irrelevant_training",
    "contests",
    "non_teaching_duty",
    "staffing",
    OTHER_BURDEN,
)
"""The categories of the taxonomy that every pack has, in its order."""


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document carried word for word: `sha256` is of the raw bytes, `text` is the cleaned text."""

    id: str
    title: str
    sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A passage cut verbatim from a document; `place` says where it stands, for people (任务台账 第7项)."""

    id: str
    document: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row of the task ledger with merged cells filled in: 事项 `matter`, 重点任务 `task`, 工作要求 `requirement`."""

    number: int
    matter: str
    task: str
    requirement: str


@dataclass(frozen=True, slots=True)
class Group:
    """A family of categories."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Category:
    """A burden the policy names.

    `short` fits a button; `describes` says the burden in plain words; `right` says what a teacher may refuse, as a
    whole sentence; `clauses` are clause ids, the most telling first; `ledger_rows` are the row numbers of the task
    ledger.
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


@dataclass(frozen=True, slots=True)
class CategoryWords:
    """What people read about a category, in another language than the pack's own."""

    name: str
    short: str
    describes: str
    right: str


@dataclass(frozen=True, slots=True)
class PackWords:
    """What people read of a pack in another language, by id; clauses are quotations and stay as they are."""

    title: str
    groups: Mapping[str, str]
    categories: Mapping[str, CategoryWords]
    places: Mapping[str, str]
    body_names: Mapping[str, str]


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
    body_names: Mapping[str, str] = field(default_factory=dict)
    ledger_rows: tuple[LedgerRow, ...] = ()
    language: str = "zh-Hans"
    words: Mapping[str, PackWords] = field(default_factory=dict)

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

    @cached_property
    def ledger_row_by_number(self) -> dict[int, LedgerRow]:
        """Rows of the task ledger by their number, in order."""
        return {row.number: row for row in self.ledger_rows}

    def categories_of(self, group: str) -> tuple[Category, ...]:
        """Return the categories of one group, in the pack's order."""
        return tuple(category for category in self.categories if category.group == group)

    def in_language(self, language: str) -> PolicyPack:
        """Return this pack with names and plain words in a language; without such words it stays as it is.

        Ids, clauses, ledger rows and keywords are the same in every language; the words of this one are kept.
        """
        words = self.words.get(language)
        if words is None or language == self.language:
            return self
        return replace(
            self,
            language=language,
            title=words.title,
            groups=tuple(Group(group.id, words.groups[group.id]) for group in self.groups),
            categories=tuple(_reworded(category, words.categories[category.id]) for category in self.categories),
            clauses=tuple(replace(clause, place=words.places[clause.id]) for clause in self.clauses),
            body_names=dict(words.body_names),
            words={**self.words, self.language: self._own_words()},
        )

    def _own_words(self) -> PackWords:
        return PackWords(
            title=self.title,
            groups={group.id: group.name for group in self.groups},
            categories={
                entry.id: CategoryWords(entry.name, entry.short, entry.describes, entry.right)
                for entry in self.categories
            },
            places={clause.id: clause.place for clause in self.clauses},
            body_names=self.body_names,
        )


def _reworded(category: Category, words: CategoryWords) -> Category:
    return replace(category, name=words.name, short=words.short, describes=words.describes, right=words.right)
