"""Commands on labelled messages: evaluate, train."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.console import CommandError, as_json, settings_of, write_file, write_lines
from bot.understanding import Understanding, understanding
from classifiers.classifier import build_reader
from classifiers.evaluating import Figures, Mistake, evaluate, worst
from classifiers.keyword import load_patterns
from classifiers.labelled import Labelled, read_corpus, read_files
from classifiers.masking_figures import LabelledMessage, MaskingFigures, measure
from classifiers.pack_loader import load_pack
from domain.classification import Evidence
from domain.errors import AnswerableError
from domain.masked_text import MaskedText

FilesArgument = Annotated[list[Path], typer.Argument(help="Files of labelled messages, JSON lines.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]


def register(cli: typer.Typer) -> None:
    """Add the commands of this family."""
    cli.command("evaluate")(evaluate_files)
    cli.command()(train)


def evaluate_files(
    context: typer.Context,
    sources: FilesArgument,
    masking: Annotated[bool, typer.Option("--masking", help="The lines are labelled for masking (spans).")] = False,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Judge each writer by a classifier trained on the other writers only.")
    ] = False,
    json_: JsonOption = False,
) -> None:
    """Measure the classifier, or the masking, on labelled messages: the table, the confusions, the worst errors."""
    for source in sources:
        if not source.is_file():
            raise CommandError(f"There is no file {source}.")
    reader = understanding(settings_of(context))
    if masking or _has_spans(sources[0]):
        _show_masking(_masked_figures(sources, reader), as_json_=json_)
        return
    messages = read_files(sources)
    mistakes: Sequence[Mistake] = ()
    if not messages:
        raise CommandError("The files hold no labelled messages.")
    if unseen:
        figures = _on_unseen_writers(messages, reader)
    else:
        readings = [reader.classifier.classify(message.text) for message in messages]
        figures = evaluate(messages, readings, categories=tuple(reader.pack.category_by_id))
        mistakes = worst(messages, readings, classifier=reader.classifier)
    if json_:
        write_lines([as_json({**figures.to_json(), "worst": [_mistake_fields(one) for one in mistakes]})], None)
    else:
        write_lines([*_table(figures), *_mistake_lines(mistakes)], None)


def _has_spans(source: Path) -> bool:
    with source.open(encoding="utf-8-sig", errors="replace") as lines:
        first = next((line for line in lines if line.strip()), "{}")
    try:
        return "spans" in json.loads(first)
    except ValueError:
        return False


def _on_unseen_writers(messages: Sequence[Labelled], reader: Understanding) -> Figures:
    _require_development_tools()
    from classifiers.validating import Validator  # noqa: PLC0415  numpy and scipy are development tools

    reading = build_reader(reader.pack, load_patterns(reader.pack.id))
    figures, _ = Validator(messages, reader=reading, pack=reader.pack).leave_one_writer_out()
    return figures


def train(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder for the weights; the policy pack's own.")
    ] = None,
    day: Annotated[str | None, typer.Option("--date", help="The day written into the weights; today.")] = None,
) -> None:
    """Learn the keyword weights again from classifiers/corpus/training; the same corpus gives the same weights."""
    _require_development_tools()
    from classifiers import training  # noqa: PLC0415  numpy and scipy are development tools

    settings_of(context)
    pack = load_pack()
    patterns = load_patterns(pack.id)
    on = _day(day) if day else datetime.now(UTC).date()
    folder = out or Path(str(files("classifiers.packs").joinpath(pack.id, "weights")))
    reading = build_reader(pack, patterns)
    models = training.train(read_corpus("training"), reader=reading, pack=pack, patterns=patterns.version, on=on)
    for name, model in models.items():
        content = training.to_json(model).encode()
        write_file(content, folder / f"{name}.json")
        write_lines([f"{name}.json {len(content)} bytes"], None)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is no date such as 2026-11-25.") from None


def _require_development_tools() -> None:
    if importlib.util.find_spec("scipy") is None:
        raise CommandError(
            "This needs the development tools (numpy, scipy); run it with make, or: pip install -e .[dev]"
        )


# ---- how it is shown ----


def _table(figures: Figures) -> list[str]:
    rows: list[tuple[str, float]] = [
        ("main category right (top-1), given a report", figures.top1),
        ("main category right, end to end", figures.top1_end_to_end),
        ("right category among the first three", figures.top3),
        ("macro-F1, several labels", figures.macro_f1),
        ("report or not: recall", figures.report_recall),
        ("report or not: precision", figures.report_precision),
        ("kind", figures.kind),
        ("demanding body", figures.body),
        ("sure: share of reports", figures.sure_coverage),
        ("sure: right", figures.sure_right),
        ("calibration error", figures.calibration_error),
    ]
    lines = [f"{figures.messages} messages, {figures.reports} reports", ""]
    lines += [f"{name:45} {value:6.3f}" for name, value in rows]
    lines += ["", f"{'category':25} {'reports':>7} {'prec.':>6} {'recall':>6} {'F1':>6}"]
    lines += [
        f"{one.category:25} {one.reports:7} {one.precision:6.2f} {one.recall:6.2f} {one.f1:6.2f}"
        for one in figures.categories
    ]
    lines += ["", "confusions (right -> given)"]
    lines += [f"{one.count:3}  {one.right} -> {one.given}" for one in figures.confusions[:20]]
    return lines


def _mistake_lines(mistakes: Sequence[Mistake]) -> list[str]:
    lines = ["", "worst errors"] if mistakes else []
    for one in mistakes:
        lines.append(f"{one.id}: {one.right} -> {one.given} ({one.confidence:.2f})")
        lines.append(f"    for {one.given}: {_evidence(one.for_given)}")
        lines.append(f"    for {one.right}: {_evidence(one.for_right)}")
    return lines


def _evidence(found: Sequence[Evidence]) -> str:
    return ", ".join(f"{one.pattern} {one.weight:+.2f}" for one in found[:6]) or "nothing"


def _mistake_fields(one: Mistake) -> dict[str, Any]:
    return {"id": one.id, "right": one.right, "given": one.given, "confidence": one.confidence}


def _masked_figures(sources: Sequence[Path], reader: Understanding) -> MaskingFigures:
    def mask(text: str) -> MaskedText | None:
        try:
            return reader.masker.mask(text)
        except AnswerableError:
            return None

    return measure([message for source in sources for message in _labelled_spans(source)], mask)


def _labelled_spans(source: Path) -> Iterator[LabelledMessage]:
    lines = source.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield LabelledMessage.read(json.loads(line))
            except (ValueError, KeyError, TypeError):
                raise CommandError(f"{source.name}:{number} is not a message labelled for masking.") from None


def _show_masking(figures: MaskingFigures, *, as_json_: bool) -> None:
    pooled = {
        "structured data": figures.structured,
        "person names": figures.persons,
        "school, class, address": figures.places,
    }
    shares = {
        "characters outside the spans that were masked": figures.outside_share,
        "messages without personal data left untouched": figures.untouched_share,
    }
    if as_json_:
        recalls = {**pooled, **{one.value: recall for one, recall in figures.by_type.items()}}
        counts = {name: [recall.covered, recall.spans] for name, recall in recalls.items()}
        fields = {"messages": figures.messages, "refused": figures.refused, "covered_of_spans": counts}
        write_lines([as_json({**fields, **{name.replace(" ", "_"): share for name, share in shares.items()}})], None)
        return
    lines = [f"{figures.messages} messages, {figures.refused} refused (a refused text shows nothing)", ""]
    lines += [f"{name:50} {one.share:6.3f}  {one.covered} of {one.spans}" for name, one in pooled.items()]
    lines += [f"{name:50} {share:6.3f}" for name, share in shares.items()]
    lines += [
        "",
        *(
            f"  {one.value:48} {recall.share:6.3f}  {recall.covered} of {recall.spans}"
            for one, recall in sorted(figures.by_type.items())
        ),
    ]
    lines += ["", "missed", *(f"  {one.message} {one.type.value}: {one.text}" for one in figures.misses)]
    write_lines(lines, None)
