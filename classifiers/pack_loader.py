"""Policy packs: reads a folder of documents, clauses, categories and keywords, and refuses contradictions."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from classifiers.document_cleaning import clean_numbered_pages, clean_tab_table, table_rows
from classifiers.pack_file import (
    BODY_IDS,
    CategoryEntry,
    DocumentEntry,
    NumberedPages,
    PackFile,
    TabTable,
    TomlSource,
    WordsFile,
    check_same_ids,
    read_bytes,
)
from domain.policy_pack import (
    CATEGORY_IDS,
    OTHER_BURDEN,
    Category,
    CategoryWords,
    Clause,
    Document,
    Group,
    LedgerRow,
    PackWords,
    PolicyPack,
)

BUILT_IN = "cn2021"
PACK_FILE = "pack.toml"
WORDS_FOLDER = "words"
_LEDGER_COLUMNS = 4  # 序号, 事项, 重点任务, 工作要求; what follows is for filling in


def load_pack(folder: Path | None = None) -> PolicyPack:
    """Return the policy pack of a folder; without one, the built-in pack.

    Raises:
        PolicyPackError: a file is missing or wrong, or the pack contradicts itself or its documents; one sentence
            that names file, line and rule.
    """
    root: Traversable = folder if folder is not None else files("classifiers.packs").joinpath(BUILT_IN)
    source = TomlSource(root.joinpath(PACK_FILE))
    entries = source.parse(PackFile)
    _check_ids(source, entries)
    documents = tuple(_document(root, source, entry, index) for index, entry in enumerate(entries.document))
    rows = _ledger_rows(source, entries, documents)
    _check_clauses(source, entries, documents)
    _check_categories(source, entries, rows)
    check_same_ids(source, "bodies", set(entries.bodies), set(BODY_IDS), what="body")
    return PolicyPack(
        id=entries.pack.id,
        version=entries.pack.version,
        title=entries.pack.title,
        language=entries.pack.language,
        documents=documents,
        clauses=tuple(Clause(entry.id, entry.document, entry.place, entry.text) for entry in entries.clause),
        groups=tuple(Group(entry.id, entry.name) for entry in entries.group),
        categories=tuple(_category(entry) for entry in entries.category),
        body_names=dict(entries.bodies),
        ledger_rows=rows,
        words=_all_words(root, entries),
    )


def _check_ids(source: TomlSource, entries: PackFile) -> None:
    for table, ids in (
        ("document", [entry.id for entry in entries.document]),
        ("clause", [entry.id for entry in entries.clause]),
        ("group", [entry.id for entry in entries.group]),
        ("category", [entry.id for entry in entries.category]),
    ):
        repeated = _first_repeated(ids)
        if repeated is not None:
            source.refuse(f'the {table} id "{ids[repeated]}" is used twice', line=source.line_of(table, repeated, "id"))
    for missing in (id_ for id_ in CATEGORY_IDS if id_ not in {entry.id for entry in entries.category}):
        source.refuse(f'the category "{missing}" of the taxonomy is missing')


def _first_repeated(words: list[str]) -> int | None:
    return next((index for index, word in enumerate(words) if word in words[:index]), None)


# ---- documents ----


def _document(root: Traversable, source: TomlSource, entry: DocumentEntry, index: int) -> Document:
    file = root.joinpath(entry.file)
    raw = read_bytes(file)
    if hashlib.sha256(raw).hexdigest() != entry.sha256:
        source.refuse(
            f'the sha256 of the document "{entry.id}" is not that of {file}',
            line=source.line_of("document", index, "sha256"),
        )
    try:
        text = _cleaned(raw.decode("utf-8").replace("\r\n", "\n"), entry.cleaning)
    except ValueError as error:  # also what is not UTF-8
        reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        source.refuse(
            f'the document "{entry.id}" cannot be cleaned by its rule: {reason}',
            line=source.line_of("document", index, "cleaning"),
        )
    return Document(entry.id, entry.title, entry.sha256, text)


def _cleaned(text: str, rule: NumberedPages | TabTable) -> str:
    if isinstance(rule, TabTable):
        return clean_tab_table(text, columns=tuple(rule.columns), rows=rule.rows)
    return clean_numbered_pages(
        text, starts_after=rule.starts_after, ends_before=rule.ends_before, number=rule.number, pages=rule.pages
    )


def _ledger_rows(source: TomlSource, entries: PackFile, documents: tuple[Document, ...]) -> tuple[LedgerRow, ...]:
    """Return the rows of the task ledger; a merged cell is written once, in its first row."""
    wanted = entries.pack.task_ledger
    if wanted is None:
        return ()
    rule = next((entry.cleaning for entry in entries.document if entry.id == wanted), None)
    if not isinstance(rule, TabTable) or len(rule.columns) < _LEDGER_COLUMNS:
        source.refuse(
            f'the task ledger "{wanted}" is no document of the pack with a table of four columns or more',
            line=source.line_of("pack", "task_ledger"),
        )
    text = next(document.text for document in documents if document.id == wanted)
    rows: list[LedgerRow] = []
    matter = task = ""
    for number, new_matter, new_task, requirement, *_ in table_rows(text, columns=tuple(rule.columns)):
        if new_matter:
            matter, task = new_matter, ""
        task = new_task or task
        rows.append(LedgerRow(int(number), matter, task, requirement))
    return tuple(rows)


# ---- contradictions ----


def _check_clauses(source: TomlSource, entries: PackFile, documents: tuple[Document, ...]) -> None:
    texts = {document.id: document.text for document in documents}
    for index, clause in enumerate(entries.clause):
        if clause.document not in texts:
            source.refuse(
                f'the clause "{clause.id}" names the unknown document "{clause.document}"',
                line=source.line_of("clause", index, "document"),
            )
        if clause.text not in texts[clause.document]:
            source.refuse(
                f'the text of the clause "{clause.id}" does not stand word for word in the document '
                f'"{clause.document}"',
                line=source.line_of("clause", index, "text"),
            )


def _check_categories(source: TomlSource, entries: PackFile, rows: tuple[LedgerRow, ...]) -> None:
    groups = {group.id for group in entries.group}
    clauses = {clause.id for clause in entries.clause}
    numbers = {row.number for row in rows}
    for index, category in enumerate(entries.category):
        for key, rule in _contradictions(category, groups, clauses, numbers):
            source.refuse(f'the category "{category.id}" {rule}', line=source.line_of("category", index, key))
    for index, group in enumerate(entries.group):
        if group.id not in {category.group for category in entries.category}:
            source.refuse(f'the group "{group.id}" has no category', line=source.line_of("group", index, "id"))


def _contradictions(
    category: CategoryEntry, groups: set[str], clauses: set[str], rows: set[int]
) -> list[tuple[str, str]]:
    """Return what is wrong with one category: the key it stands under, and the rule."""
    found = []
    if category.group not in groups:
        found.append(("group", f'names the unknown group "{category.group}"'))
    found.extend(("clauses", f'cites the unknown clause "{id_}"') for id_ in category.clauses if id_ not in clauses)
    found.extend(
        ("ledger_rows", f"names the unknown ledger row {row}") for row in category.ledger_rows if row not in rows
    )
    if not category.clauses and category.id != OTHER_BURDEN:
        found.append(("clauses", "cites no clause"))
    if category.clauses and category.id == OTHER_BURDEN:
        found.append(("clauses", "cites a clause, though no clause names it"))
    for key, words in (
        ("keywords", category.keywords),
        ("clauses", category.clauses),
        ("ledger_rows", [str(row) for row in category.ledger_rows]),
    ):
        repeated = _first_repeated(words)
        if repeated is not None:
            found.append((key, f'has "{words[repeated]}" twice in its {key}'))
    return found


def _category(entry: CategoryEntry) -> Category:
    return Category(
        id=entry.id,
        group=entry.group,
        name=entry.name,
        short=entry.short,
        describes=entry.describes,
        right=entry.right,
        clauses=tuple(entry.clauses),
        ledger_rows=tuple(entry.ledger_rows),
        keywords=tuple(entry.keywords),
    )


# ---- other languages ----


def _all_words(root: Traversable, entries: PackFile) -> dict[str, PackWords]:
    folder = root.joinpath(WORDS_FOLDER)
    if not folder.is_dir():
        return {}
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    return {name.removesuffix(".toml"): _words(folder.joinpath(name), entries) for name in names}


def _words(file: Traversable, entries: PackFile) -> PackWords:
    source = TomlSource(file)
    words = source.parse(WordsFile)
    if file.name != f"{words.language}.toml":
        source.refuse(f'the language "{words.language}" does not fit the name of the file', line=1)
    check_same_ids(source, "groups", set(words.groups), {entry.id for entry in entries.group}, what="group")
    check_same_ids(source, "bodies", set(words.bodies), set(BODY_IDS), what="body")
    check_same_ids(source, "places", set(words.places), {entry.id for entry in entries.clause}, what="clause")
    categories = {entry.id for entry in entries.category}
    check_same_ids(source, "category", set(words.category), categories, what="category")
    return PackWords(
        title=words.title,
        groups=words.groups,
        categories={
            id_: CategoryWords(entry.name, entry.short, entry.describes, entry.right)
            for id_, entry in words.category.items()
        },
        places=words.places,
        body_names=words.bodies,
    )
