"""The command line as a whole: help, wrong use, configuration, migrate; exit codes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.commands import main
from tests.bot.commands.conftest import Call

_COMMANDS = ("run", "migrate", "classify", "mask", "evaluate", "release", "published", "digest", "stats", "invite")


def test_every_command_explains_itself(call: Call) -> None:
    """The help lists every command, and each has a help of its own."""
    listed = call("--help")
    assert listed.code == 0
    for command in _COMMANDS:
        assert command in listed.out
        assert call(command, "--help").code == 0
    assert call("--version").out.startswith("jianfu ")


def test_wrong_use_has_its_own_exit_code(call: Call) -> None:
    """An unknown command or option ends with 2 and touches nothing."""
    assert call("conquer").code == 2
    assert call("migrate", "--faster").code == 2
    assert call("stats").code == 2


def test_migrate_may_be_called_twice(call: Call, folder: Path) -> None:
    """It makes database and keys, open to this account only; the second time it changes nothing."""
    first = call("migrate")
    assert first.code == 0
    assert "schema" in first.out
    assert call("migrate").out == first.out
    assert (folder / "data" / "jianfu.sqlite").stat().st_mode & 0o077 == 0
    assert (folder / "keys").stat().st_mode & 0o077 == 0


def test_a_wrong_configuration_stops_every_command(call: Call, folder: Path) -> None:
    """The sentence names the file and the key; nothing is made."""
    file = folder / "other.toml"
    file.write_text("[release]\nkay = 7\n", "utf-8")
    for command in (("migrate",), ("published",), ("mask",), ("stats", "上周")):
        answer = call("--config", str(file), *command)
        assert answer.code == 1
        assert "[release] kay" in answer.errors
        assert str(file) in answer.errors
    absent = call("--config", str(folder / "absent.toml"), "migrate")
    assert absent.code == 1
    assert "absent.toml does not exist" in absent.errors
    assert [path.name for path in folder.iterdir()] == ["other.toml"]


def test_the_entry_point_says_one_sentence(
    call: Call, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a command raises becomes one line on standard error and exit 1."""
    monkeypatch.setenv("JIANFU_RELEASE__K", "three")
    monkeypatch.setattr(sys, "argv", ["jianfu", "migrate"])
    with pytest.raises(SystemExit) as ended:
        main.run()
    assert ended.value.code == 1
    errors = capsys.readouterr().err
    assert errors.startswith("jianfu: Setting [release] k is wrong")
    assert errors.count("\n") == 1


def test_the_entry_point_hides_what_nobody_foresaw(
    call: Call, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unexpected error becomes one sentence with its type, never its text nor a traceback."""

    def broken() -> object:
        raise RuntimeError("王老师的话")

    monkeypatch.setattr(main, "command_line", broken)
    with pytest.raises(SystemExit) as ended:
        main.run()
    assert ended.value.code == 1
    errors = capsys.readouterr().err
    assert "RuntimeError" in errors
    assert "王老师" not in errors
    assert "Traceback" not in errors
