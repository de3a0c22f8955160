"""What the journeys share: the fake Bot API, and folders that are empty at first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.bot_api import BotApiServer


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    """A Bot API of this test alone."""
    with BotApiServer() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The current folder of the program; there is no configuration file in it."""
    made = tmp_path / "service"
    made.mkdir()
    return made
