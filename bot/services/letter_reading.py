"""Reads files of letters and calls, line by line: JSON lines or CSV, UTF-8 or GB18030."""

from __future__ import annotations

import csv
import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from domain.errors import ServiceError

_MOST_BYTES: Final = 256 * 1024  # of a line: 20,000 characters take less, even as JSON escapes
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_NEEDED: Final = ("text", "region", "received_on")
_OPTIONAL: Final = ("reporter", "id", "category")
_DATE_LENGTH: Final = len("2026-10-01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter or call as it stands in the file; `reporter` only tells people apart."""

    text: str
    region: str
    received_on: date
    reporter: str | None = None
    id: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A line of the file: its number, and the letter or the sentence why it is none; never the text itself."""

    number: int
    letter: Letter | None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A file that was looked through once: its digest, how it is written, and how many lines it has."""

    path: Path
    digest: str
    encoding: str
    is_csv: bool
    lines: int


class LetterRefusedError(ServiceError):
    """A line cannot be taken in; the message is one sentence without a word of the line."""


def look_through(path: Path) -> LetterFile:
    """Read a file once, without keeping it.

    Raises:
        ServiceError: it cannot be read, or is no text of the two encodings.
    """
    seen = hashlib.sha256()
    first = b""
    lines = utf8 = other = 0
    for number, line in _raw_lines(path):
        lines = number
        seen.update(line or b"")
        first = first or (line or b"").strip()
        if line is not None and not line.isascii():
            utf8, other = (utf8 + 1, other) if _is_utf8(line) else (utf8, other + 1)
    if first.startswith(_UTF16_MARKS):
        raise ServiceError(f"{path} is written in UTF-16; save it as UTF-8.")
    # By majority: one broken line must not turn a whole file into nonsense of the other encoding.
    encoding = "utf-8" if utf8 >= other else "gb18030"
    is_csv = path.suffix.casefold() == ".csv"
    if not is_csv and path.suffix.casefold() not in {".jsonl", ".ndjson", ".json"}:
        is_csv = not first.removeprefix(b"\xef\xbb\xbf").startswith(b"{")
    return LetterFile(path, seen.hexdigest(), encoding, is_csv, lines)


def letters(file: LetterFile) -> Iterator[LetterLine]:
    """Return the lines of a file one after another.

    Raises:
        ServiceError: a CSV file without the columns it needs.
    """
    return _csv_letters(file) if file.is_csv else _json_letters(file)


def _raw_lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Return the lines of a file with their numbers; None stands for one that is too long to be held."""
    try:
        with path.open("rb") as stream:
            number = 0
            while line := stream.readline(_MOST_BYTES):
                number += 1
                whole = line.endswith(b"\n") or len(line) < _MOST_BYTES
                rest = line
                while rest and not rest.endswith(b"\n") and not whole:
                    rest = stream.readline(_MOST_BYTES)
                yield number, line if whole else None
    except OSError as error:
        raise ServiceError(f"{path} cannot be read: {error.strerror}.") from None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _text_lines(file: LetterFile) -> Iterator[tuple[int, str | None]]:
    for number, raw in _raw_lines(file.path):
        # What cannot be decoded becomes lone surrogates, which `_checked` refuses.
        line = None if raw is None else raw.decode(file.encoding, errors="surrogateescape")
        yield number, line.removeprefix("\ufeff") if line is not None and number == 1 else line


def _json_letters(file: LetterFile) -> Iterator[LetterLine]:
    for number, line in _text_lines(file):
        try:
            yield LetterLine(number, _letter(_json_fields(line)))
        except LetterRefusedError as refused:
            yield LetterLine(number, None, str(refused))


def _json_fields(line: str | None) -> Mapping[str, object]:
    if line is None:
        raise LetterRefusedError("The line is too long.")
    if not line.strip():
        raise LetterRefusedError("The line is empty.")
    _checked(line)
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise LetterRefusedError("The line is no JSON.") from None
    if not isinstance(fields, dict):
        raise LetterRefusedError("The line is no JSON object with text, region and received_on.")
    return fields


def _csv_letters(file: LetterFile) -> Iterator[LetterLine]:
    lines = ("\0" if line is None else line for _, line in _text_lines(file))
    reader = csv.reader(lines, strict=True)
    try:
        columns = [column.strip().casefold() for column in next(reader, [])]
    except csv.Error:
        columns = []
    if missing := [name for name in _NEEDED if name not in columns]:
        raise ServiceError(
            f"{file.path} needs the columns {', '.join(_NEEDED)} in its first line; {missing[0]} is missing."
        )
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
            yield LetterLine(number, _letter(_csv_fields(row, columns)))
        except StopIteration:
            return
        except csv.Error:
            yield LetterLine(number, None, "The row is no CSV: a quotation mark is missing or too many.")
        except LetterRefusedError as refused:
            yield LetterLine(number, None, str(refused))


def _csv_fields(row: list[str], columns: list[str]) -> Mapping[str, object]:
    if not any(field.strip() for field in row):
        raise LetterRefusedError("The line is empty.")
    if len(row) > len(columns):
        raise LetterRefusedError(
            "The row has more columns than the first line; put texts with commas in quotation marks."
        )
    return dict(zip(columns, row, strict=False))


def _letter(fields: Mapping[str, object]) -> Letter:
    text = fields.get("text")
    if not isinstance(text, str) or not text.strip():
        raise LetterRefusedError("The text is missing.")
    _checked(text)
    optional = {name: _word(fields, name) for name in _OPTIONAL}
    return Letter(text=text.strip(), region=_word(fields, "region") or "", received_on=_date(fields), **optional)


def _word(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise LetterRefusedError(f"The field {name} is no word.")
    word = str(value).strip()
    _checked(word)
    return word


def _date(fields: Mapping[str, object]) -> date:
    value = fields.get("received_on")
    if isinstance(value, str) and len(value.strip()) == _DATE_LENGTH:
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise LetterRefusedError("The date received_on is missing or no day such as 2026-10-01.")


def _checked(text: str) -> None:
    """Refuse what is no text: undecodable bytes, control characters."""
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\r\n" for character in text):
        raise LetterRefusedError("The line holds bytes that are no text; save the file as UTF-8 or GB18030.")
