"""What every command shares: settings, input lines, output files, sentences on standard error."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Annotated, Any, NoReturn

import typer

from bot.logs import configure_logging
from bot.settings import Settings, load_settings
from domain.errors import ServiceError

LONGEST_TEXT = 20_000  # characters of one text on the command line and in an import

OutOption = Annotated[Path | None, typer.Option("--out", help="Write to this file instead of standard output.")]
InputArgument = Annotated[
    Path | None, typer.Argument(help="A file of text lines or JSON lines; standard input without it.")
]


class CommandError(ServiceError):
    """The command was refused; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """How the program was called: the configuration file asked for, and the environment."""

    config: Path | None
    environment: Mapping[str, str]

    def settings(self) -> Settings:
        """Read the settings; raises ConfigurationError."""
        settings, _ = load_settings(self.environment, path=self.config)
        return settings


def settings_of(context: typer.Context) -> Settings:
    """Return the settings of this call, with logging set up; raises ConfigurationError."""
    configure_logging()
    invocation: Invocation = context.obj
    return invocation.settings()


def fail(sentence: str, *, code: int = 1) -> NoReturn:
    """End with one sentence on standard error."""
    sys.stderr.write(f"jianfu: {sentence}\n")
    raise typer.Exit(code)


@dataclass(frozen=True, slots=True)
class TextLine:
    """One text to work on, or the sentence that says why the line cannot be used."""

    id: Any
    text: str = ""
    refused: str = ""


def text_lines(source: IO[bytes]) -> Iterator[TextLine]:
    """Read lines of text, or JSON lines with `text` and an optional `id`; a plain line's id is its number."""
    for number, raw in enumerate(source, start=1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            yield TextLine(number, refused=f"Line {number} is not UTF-8 text; save the file as UTF-8.")
            continue
        if line.strip():
            yield _text_line(number, line)


def _text_line(number: int, line: str) -> TextLine:
    id_: Any = number
    text: Any = line
    if line.lstrip().startswith("{"):
        try:
            fields = json.loads(line)
            text, id_ = fields["text"], fields.get("id", number)
        except (ValueError, KeyError, RecursionError):
            text = None
        if not isinstance(text, str):
            return TextLine(number, refused=f'Line {number} is not a JSON object with a string "text".')
    if len(text) > LONGEST_TEXT:
        return TextLine(id_, refused=f"Line {number} is longer than {LONGEST_TEXT} characters; split it.")
    return TextLine(id_, text.encode("utf-8", "replace").decode())  # JSON may hold half of a surrogate pair


@contextmanager
def opened(path: Path | None) -> Iterator[IO[bytes]]:
    """Open the input: a file, or standard input without one; raises CommandError."""
    if path is None or str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = path.open("rb")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
    with stream:
        yield stream


def write_lines(lines: Iterable[str], out: Path | None) -> None:
    """Write lines to the file at once when all are there, or to standard output as they come."""
    if out is None:
        for line in lines:
            sys.stdout.write(line + "\n")
        sys.stdout.flush()
        return
    write_file("".join(f"{line}\n" for line in lines).encode(), out)


def write_file(content: bytes, out: Path) -> None:
    """Put the content in place whole or not at all; raises CommandError."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(out)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise CommandError(f"{out} cannot be written: {error.strerror}.") from None


def write_bytes(content: bytes, out: Path | None) -> None:
    """Write a picture or document to the file, or to standard output when that is no terminal."""
    if out is not None:
        write_file(content, out)
    elif sys.stdout.isatty():
        raise CommandError("This format is binary; name a file with --out FILE.")
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def as_json(value: object) -> str:
    """Return one line of JSON, Chinese unescaped."""
    return json.dumps(value, ensure_ascii=False)
