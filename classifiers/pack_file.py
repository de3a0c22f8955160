"""The TOML files of a policy pack as typed values, and where in a file a complaint belongs."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from importlib.resources.abc import Traversable
from typing import Annotated, Literal, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from domain.classification import Body
from domain.errors import PolicyPackError

LABEL_COLUMNS = 20
"""Longest button label, in columns of a fixed-width screen: ten Chinese characters."""
LINE_COLUMNS = 80
"""Longest one-line description, in columns: forty Chinese characters."""
BODY_IDS = frozenset(body.value for body in Body)
"""The bodies that every pack names."""
RIGHT_COLUMNS = 280
"""Longest sentence on what may be refused, in columns."""
CLAUSE_CHARACTERS = 200
"""Longest quotation shown in a chat, in characters."""


def columns(text: str) -> int:
    """Return how many columns a text takes: two for a full-width character, else one."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _at_most(limit: int) -> AfterValidator:
    def check(value: str) -> str:
        if columns(value) > limit:
            raise ValueError(f"is too long: at most {limit} columns, that is {limit // 2} Chinese characters")
        return value

    return AfterValidator(check)


def _inside_folder(value: str) -> str:
    if value.startswith("/") or "\\" in value or ".." in value.split("/"):
        raise ValueError("must name a file inside the pack's folder")
    return value


_Text = Annotated[str, StringConstraints(min_length=1, pattern=r"^\S(?:.*\S)?$")]
_Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]*$")]
_Label = Annotated[_Text, _at_most(LABEL_COLUMNS)]
_Line = Annotated[_Text, _at_most(LINE_COLUMNS)]
_Right = Annotated[_Text, _at_most(RIGHT_COLUMNS)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class NumberedPages(_Entry):
    """Cleaning rule of a web copy whose pages begin with their number; see `document_cleaning`."""

    rule: Literal["numbered-pages"]
    starts_after: _Text
    ends_before: _Text
    number: Annotated[str, StringConstraints(pattern=r"\{n\}")]
    pages: Annotated[int, Field(ge=1)]


class TabTable(_Entry):
    """Cleaning rule of a table pasted as text; see `document_cleaning`."""

    rule: Literal["tab-table"]
    columns: Annotated[list[_Text], Field(min_length=2)]
    rows: Annotated[int, Field(ge=1)]


class PackEntry(_Entry):
    """`[pack]`: which pack this is; `task_ledger` names the document whose table is the task ledger."""

    id: _Id
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.-]+$")]
    title: _Text
    language: _Text = "zh-Hans"
    task_ledger: _Id | None = None


class DocumentEntry(_Entry):
    """`[[document]]`: a policy document, kept byte for byte in `file`."""

    id: _Id
    title: _Text
    file: Annotated[_Text, AfterValidator(_inside_folder)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    cleaning: Annotated[NumberedPages | TabTable, Field(discriminator="rule")]


class ClauseEntry(_Entry):
    """`[[clause]]`: a quotation."""

    id: _Id
    document: _Id
    place: _Line
    text: Annotated[_Text, StringConstraints(max_length=CLAUSE_CHARACTERS)]


class GroupEntry(_Entry):
    """`[[group]]`: a family of categories."""

    id: _Id
    name: _Line


class CategoryEntry(_Entry):
    """`[[category]]`: a burden."""

    id: _Id
    group: _Id
    name: _Line
    short: _Label
    describes: _Line
    right: _Right
    clauses: list[_Id]
    ledger_rows: list[int]
    keywords: list[Annotated[_Text, StringConstraints(min_length=2)]]


class PackFile(_Entry):
    """The whole of `pack.toml`."""

    pack: PackEntry
    document: Annotated[list[DocumentEntry], Field(min_length=1)]
    clause: list[ClauseEntry]
    group: Annotated[list[GroupEntry], Field(min_length=1)]
    category: Annotated[list[CategoryEntry], Field(min_length=1)]
    bodies: dict[str, _Line]


class CategoryWordsEntry(_Entry):
    """`[category.ID]` of a words file."""

    name: _Line
    short: _Label
    describes: _Line
    right: _Right


class WordsFile(_Entry):
    """The whole of `words/LANGUAGE.toml`: what people read, in another language."""

    language: _Text
    title: _Text
    groups: dict[str, _Line]
    bodies: dict[str, _Line]
    places: dict[str, _Line]
    category: dict[str, CategoryWordsEntry]


_File = TypeVar("_File", PackFile, WordsFile)


class TomlSource:
    """One TOML file of a pack; knows the line on which a complaint belongs.

    Raises:
        PolicyPackError: the file is missing, unreadable or no TOML.
    """

    def __init__(self, file: Traversable) -> None:
        self._file = file
        raw = read_bytes(file)
        try:
            text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise PolicyPackError(f"{file} is not UTF-8 text; save it as UTF-8.") from None
        self._lines = text.split("\n")
        try:
            self._values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"line (\d+)", str(error))
            self.refuse("this is not valid TOML", line=int(place[1]) if place else len(self._lines))

    def parse(self, model: type[_File]) -> _File:
        """Return the file's typed values; raises PolicyPackError for the first one that is wrong."""
        try:
            return model.model_validate(self._values)
        except ValidationError as error:
            found = error.errors(include_input=False, include_url=False, include_context=False)
            # A misspelt key is also a missing one; its own line is the better place to look.
            first = next((entry for entry in found if entry["type"] == "extra_forbidden"), found[0])
            place = first["loc"]
            reason = first["msg"].removeprefix("Value error, ")
            self.refuse(f"{_named(place)} is wrong: {reason[0].lower()}{reason[1:]}", line=self.line_of(*place))

    def line_of(self, *place: str | int) -> int | None:
        """Return the line of a place such as ("category", 3, "short"), or of the nearest thing above it."""
        table, *rest = place or ("",)
        heading = self._heading(str(table), rest[0] if rest else None)
        if heading is None:
            return self._key(str(table), range(len(self._lines)))
        after = range(heading + 1, len(self._lines))
        end = next((number for number in after if self._lines[number].startswith("[")), len(self._lines))
        found = (self._key(part, range(heading, end)) for part in rest if isinstance(part, str))
        return next((line for line in found if line is not None), heading + 1)

    def _heading(self, table: str, entry: str | int | None) -> int | None:
        if isinstance(entry, int):
            headings = [number for number, line in enumerate(self._lines) if line.strip() == f"[[{table}]]"]
            return headings[entry] if entry < len(headings) else None
        stripped = [line.strip() for line in self._lines]
        wanted = (f"[{table}.{entry}]", f"[{table}]", f"[[{table}]]")
        return next((stripped.index(heading) for heading in wanted if heading in stripped), None)

    def _key(self, key: str, lines: range) -> int | None:
        pattern = re.compile(rf'"?{re.escape(key)}"?\s*=')
        return next((number + 1 for number in lines if pattern.match(self._lines[number])), None)

    def refuse(self, rule: str, *, line: int | None = None) -> NoReturn:
        """Raise PolicyPackError with one sentence that names the file, the line and the rule."""
        where = f"{self._file}, line {line}" if line else f"{self._file}"
        raise PolicyPackError(f"{where}: {rule}.")


def read_bytes(file: Traversable) -> bytes:
    """Return a file's bytes; raises PolicyPackError when it is missing or cannot be read."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise PolicyPackError(f"{file} is missing; put the file back or name the pack's folder.") from None
    except OSError as error:
        raise PolicyPackError(f"{file} cannot be read: {error.strerror}.") from None


def check_same_ids(source: TomlSource, table: str, found: set[str], wanted: set[str], *, what: str) -> None:
    """Refuse a table that misses an id or has one that nothing else knows."""
    for missing in sorted(wanted - found):
        source.refuse(f'[{table}] has no entry for the {what} "{missing}"', line=source.line_of(table))
    for unknown in sorted(found - wanted):
        source.refuse(f'[{table}] names the unknown {what} "{unknown}"', line=source.line_of(table, unknown))


def _named(place: tuple[str | int, ...]) -> str:
    words = [f"no. {part + 1}" if isinstance(part, int) else part for part in place]
    return f"[{words[0]}] {' '.join(words[1:])}".strip() if words else "the file"
