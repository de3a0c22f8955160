"""What the command line's tests share: a way to call it in this process, and an empty service around it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.commands.main import command_line
from domain.errors import ServiceError
from tests.fakes.process import REGIONS, settings_environment


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command answered."""

    code: int
    out: str
    errors: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON lines of standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


Call = Callable[..., Answer]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the service."""
    return tmp_path


@pytest.fixture
def call(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """Call the command line as its entry point does, in a city of six districts."""
    for name, value in settings_environment(folder, {"JIANFU_REGIONS": json.dumps(REGIONS)}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    root = logging.getLogger()
    handlers, level, raising = root.handlers[:], root.level, logging.raiseExceptions

    def called(*arguments: str, given: bytes | str = b"") -> Answer:
        result = CliRunner().invoke(command_line(), list(arguments), input=given)
        if isinstance(result.exception, ServiceError):
            return Answer(1, result.stdout, f"jianfu: {result.exception}\n")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    yield called
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.raiseExceptions = raising
