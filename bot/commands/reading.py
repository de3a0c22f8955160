"""Commands that read texts and store nothing: classify, mask, evaluate, train."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import typer

from bot.commands.console import (
    InputArgument,
    OutOption,
    TextLine,
    as_json,
    opened,
    settings_of,
    text_lines,
    write_lines,
)
from bot.understanding import Understanding, understanding
from domain.classification import Classification, Label
from domain.errors import AnswerableError


def register(cli: typer.Typer) -> None:
    """Add the commands of this family."""
    cli.command()(classify)
    cli.command()(mask)


@dataclass(slots=True)
class _Outcome:
    refused: list[TextLine] = field(default_factory=list)


def classify(context: typer.Context, source: InputArgument = None, out: OutOption = None) -> None:
    """Say of each text what it is: kind, categories with evidence and clauses, demanding body. JSON lines."""
    reader = understanding(settings_of(context))
    outcome = _Outcome()
    with opened(source) as stream:
        write_lines(_classified(text_lines(stream), reader, outcome), out)
    _end(outcome)


def mask(context: typer.Context, source: InputArgument = None, out: OutOption = None) -> None:
    """Replace personal data in each text by placeholders. JSON lines; a text that cannot be masked is refused."""
    reader = understanding(settings_of(context))
    outcome = _Outcome()
    with opened(source) as stream:
        write_lines(_masked(text_lines(stream), reader, outcome), out)
    _end(outcome)


def _end(outcome: _Outcome) -> None:
    if outcome.refused:
        sys.stderr.write(f'jianfu: {len(outcome.refused)} lines were refused; see "refused" in the output.\n')
        raise typer.Exit(1)


def _classified(lines: Iterable[TextLine], reader: Understanding, outcome: _Outcome) -> Iterator[str]:
    for line in lines:
        if line.refused:
            outcome.refused.append(line)
            yield as_json({"id": line.id, "refused": line.refused})
        else:
            yield as_json({"id": line.id, **classification_fields(reader.classifier.classify(line.text))})


def _masked(lines: Iterable[TextLine], reader: Understanding, outcome: _Outcome) -> Iterator[str]:
    for line in lines:
        try:
            masked = reader.masker.mask(line.text)
        except AnswerableError as error:
            line = replace(line, refused=str(error))  # noqa: PLW2901  the same line, refused now
        if line.refused:
            outcome.refused.append(line)
            yield as_json({"id": line.id, "refused": line.refused})
            continue
        spans = [{"start": span.start, "end": span.end, "type": span.type.value} for span in masked.spans]
        yield as_json({"id": line.id, "text": masked.text, "spans": spans})


def classification_fields(reading: Classification) -> dict[str, Any]:
    """Return the machine interface of a classification."""
    return {
        "kind": reading.kind.value,
        "labels": [_label_fields(label) for label in reading.labels],
        "candidates": list(reading.candidates),
        "body": reading.body.value if reading.body else None,
        "confidence": reading.confidence,
        "sure": reading.sure,
        "pack": reading.pack,
    }


def _label_fields(label: Label) -> dict[str, Any]:
    return {
        "id": label.category,
        "score": label.score,
        "evidence": [
            {"pattern": found.pattern, "start": found.start, "end": found.end, "weight": found.weight}
            for found in label.evidence
        ],
        "clauses": list(label.clauses),
    }
