"""classify and mask: their machine interfaces, and what they do with odd lines."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bot.commands.conftest import Call

_REPORT = "校长让我们每天在学习强国打卡，截图发到群里，积分算进评优。"
_PHONE = "请联系王建国老师，电话13812345678。"


def test_classify_writes_the_machine_interface(call: Call) -> None:
    """Each text gets one JSON line with exactly the documented keys, in the order of the input."""
    given = "\n".join([_REPORT, "", json.dumps({"id": "q-7", "text": "谢谢你们！"}), json.dumps({"text": _REPORT})])
    answer = call("classify", given=given)
    assert (answer.code, answer.errors) == (0, "")
    first, thanks, again = answer.lines
    for line in answer.lines:
        assert set(line) == {"id", "kind", "labels", "candidates", "body", "confidence", "sure", "pack"}
        assert len(line["candidates"]) >= 3
        assert (line["kind"] == "report") == bool(line["labels"])
    assert [line["id"] for line in answer.lines] == [1, "q-7", 4]
    assert first == {**again, "id": 1}
    assert first["kind"] == "report"
    assert thanks["kind"] != "report"
    label = first["labels"][0]
    assert label["id"] == first["candidates"][0]
    assert set(label) == {"id", "score", "evidence", "clauses"}
    assert all(set(found) == {"pattern", "start", "end", "weight"} for found in label["evidence"])
    assert all(isinstance(clause, str) for clause in label["clauses"])


def test_mask_writes_the_machine_interface(call: Call) -> None:
    """Spans are in characters of the original, and nothing outside them is changed."""
    answer = call("mask", given=f"{_PHONE}\n{json.dumps({'id': 3, 'text': '没有什么要遮的'})}\n")
    assert (answer.code, answer.errors) == (0, "")
    masked, plain = answer.lines
    assert set(masked) == {"id", "text", "spans"}
    assert all(set(span) == {"start", "end", "type"} for span in masked["spans"])
    covered = {_PHONE[span["start"] : span["end"]] for span in masked["spans"]}
    assert "13812345678" in covered
    assert "13812345678" not in masked["text"]
    assert masked["text"].startswith("请联系")
    assert plain == {"id": 3, "text": "没有什么要遮的", "spans": []}


def test_lines_that_cannot_be_used_are_refused_one_by_one(call: Call) -> None:
    """Bytes, wrong JSON and texts beyond 20,000 characters are refused with their line; the others are answered."""
    lines = [
        b"\xff\xfe\x00",
        b'{"text": 5}',
        b'{"id": 1}',
        b'{"text": ',
        "长".encode() * 20_001,
        json.dumps({"id": "big", "text": "长" * 20_001}).encode(),
        "长".encode() * 20_000,
        "😀😀".encode(),
        b"x",
        b'{"text": "\\ud800 half"}',
        b'{"text": ""}',
        b"\x01\x02",
    ]
    for command in ("classify", "mask"):
        answer = call(command, given=b"\n".join(lines))
        assert answer.code == 1
        assert answer.errors.count("\n") == 1
        assert "6 lines were refused" in answer.errors
        assert len(answer.lines) == len(lines)
        refused = [line for line in answer.lines if "refused" in line]
        assert [line["id"] for line in refused] == [1, 2, 3, 4, 5, "big"]
        assert all(set(line) == {"id", "refused"} for line in refused)
        assert "长长" not in json.dumps(refused, ensure_ascii=False)


def test_input_and_output_files(call: Call, folder: Path) -> None:
    """A file with a byte order mark is read; --out holds the same as standard output and appears whole."""
    source, out = folder / "letters.txt", folder / "out.jsonl"
    source.write_bytes(b"\xef\xbb\xbf" + f"{_PHONE}\r\n".encode())
    assert call("mask", str(source), "--out", str(out)).out == ""
    assert out.read_text("utf-8") == call("mask", str(source)).out
    assert call("mask", given=_PHONE).out == out.read_text("utf-8")
    assert sorted(path.name for path in folder.iterdir()) == ["letters.txt", "out.jsonl"]


def test_files_that_cannot_be_used(call: Call, folder: Path) -> None:
    """A missing source and an unwritable target are refused in one sentence; an old target stays as it was."""
    missing = call("mask", str(folder / "nothing.txt"))
    assert (missing.code, missing.errors.count("\n")) == (1, 1)
    assert "nothing.txt cannot be read" in missing.errors
    nowhere = call("mask", "--out", str(folder / "no" / "out.jsonl"), given=_PHONE)
    assert nowhere.code == 1
    assert "cannot be written" in nowhere.errors
    assert "13812345678" not in nowhere.errors
    assert list(folder.iterdir()) == []


def test_no_input_writes_nothing(call: Call) -> None:
    """Empty input is no error."""
    answer = call("classify")
    assert (answer.code, answer.out, answer.errors) == (0, "", "")
