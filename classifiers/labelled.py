"""Labelled messages: read from JSON lines, checked, identified by their hash."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from domain.classification import Body, Kind
from domain.errors import ConfigurationError


class CorpusError(ConfigurationError):
    """A line of labelled messages cannot be used; names the file and the line."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message with the labels of a careful reader; the most important category first."""

    id: str
    writer: str
    text: str
    kind: Kind
    labels: tuple[str, ...]
    also_ok: tuple[str, ...]
    body: Body | None

    def __post_init__(self) -> None:
        """Refuse labels that contradict the kind."""
        if bool(self.labels) != (self.kind is Kind.REPORT) or len(self.labels) > 3:
            raise ValueError("a report has one to three labels and nothing else has any")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A turn of phrase of a policy pack: part of a report of a category, or a whole short message of a kind."""

    text: str
    kind: Kind
    category: str | None


def read_phrases(pack: str = "cn2021") -> tuple[Phrase, ...]:
    """Return the turns of phrase of a pack; raises CorpusError."""
    path = files("classifiers.packs").joinpath(pack, "phrases.toml")
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        reports = [
            Phrase(line, Kind.REPORT, category)
            for category, lines in raw["categories"].items()
            for line in lines.strip().splitlines()
        ]
        others = [Phrase(line, Kind(kind), None) for kind, lines in raw["kinds"].items() for line in lines.split("\n")]
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise CorpusError(f"{path}: not a file of phrases with [categories] and [kinds].") from error
    return (*reports, *(one for one in others if one.text))


def read_corpus(part: str) -> tuple[Labelled, ...]:
    """Return the messages shipped with the classifier: `training` or `development`; in the order of file and line."""
    folder = files("classifiers").joinpath("corpus", part)
    return read_files(sorted((one for one in folder.iterdir() if one.name.endswith(".jsonl")), key=lambda f: f.name))


def read_files(paths: Iterable[Traversable]) -> tuple[Labelled, ...]:
    """Return the messages of files of JSON lines; raises CorpusError."""
    messages: list[Labelled] = []
    for path in paths:
        try:
            lines = path.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CorpusError(f"{path}: cannot be read as UTF-8.") from error
        for number, line in enumerate(lines, start=1):
            if line.strip():
                messages.append(_message(line, f"{path.name}:{number}"))
    return tuple(messages)


def digest(messages: Sequence[Labelled], phrases: Sequence[Phrase] = ()) -> str:
    """Return the SHA-256 of labelled messages and phrases, whatever files they came from."""
    lines = sorted(
        json.dumps(
            [one.id, one.writer, one.text, one.kind, one.labels, sorted(one.also_ok), one.body], ensure_ascii=False
        )
        for one in messages
    )
    lines += sorted(f"{one.kind} {one.category} {one.text}" for one in phrases)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _message(line: str, place: str) -> Labelled:
    try:
        raw: dict[str, Any] = json.loads(line)
        return Labelled(
            id=str(raw["id"]),
            writer=str(raw["writer"]),
            text=str(raw["text"]),
            kind=Kind(raw["kind"]),
            labels=tuple(raw["labels"]),
            also_ok=tuple(raw.get("also_ok", ())),
            body=Body(raw["body"]) if raw.get("body") else None,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{place}: not a labelled message of the labelling guide.") from error
