"""evaluate: figures of labelled messages, as a table and as JSON."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from tests.bot.commands.conftest import Call

_DEVELOPMENT = files("classifiers.corpus").joinpath("development").joinpath("reports_dev_c.jsonl")


def test_evaluate_measures_labelled_messages(call: Call, folder: Path) -> None:
    """The JSON holds the figures; the table the same in words; both in one reading of the file."""
    source = folder / "labelled.jsonl"
    source.write_text("\n".join(_DEVELOPMENT.read_text("utf-8").splitlines()[:30]), "utf-8")
    answer = call("evaluate", str(source), "--json")
    assert (answer.code, answer.errors) == (0, "")
    figures = json.loads(answer.out)
    assert figures["messages"] == 30
    assert 0.5 < figures["top1"] <= 1
    table = call("evaluate", str(source))
    assert table.out.startswith("30 messages, ")
    assert f"{figures['top1']:6.3f}" in table.out


def test_files_without_labels_are_refused(call: Call, folder: Path) -> None:
    """A missing file, an empty one and one without labels are refused in one sentence without their text."""
    missing = call("evaluate", str(folder / "none.jsonl"))
    assert (missing.code, missing.out) == (1, "")
    assert "none.jsonl" in missing.errors
    odd = folder / "odd.jsonl"
    for content in ("", '{"text": "王老师的话"}\n', "王老师的话\n", "[1]\n"):
        odd.write_text(content, "utf-8")
        answer = call("evaluate", str(odd))
        assert (answer.code, answer.out) == (1, ""), content
        assert answer.errors.count("\n") == 1
        assert "王老师" not in answer.errors
    odd.write_bytes(b"\xff\xfe\x00")
    assert call("evaluate", str(odd)).code == 1
