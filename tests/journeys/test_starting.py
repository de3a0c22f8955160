"""Starts that cannot work: one sentence that says what to do, exit 1, no traceback, nothing half written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.bot_api import BotApiServer
from tests.fakes.process import WITHOUT_OVERRIDE, Ended, Running, free_port, jianfu, telegram_environment

pytestmark = [pytest.mark.long, pytest.mark.timeout(120)]


def _refused(ended: Ended, *words: str) -> None:
    """Fail unless the program ended with exit 1 and one sentence that holds these words."""
    assert ended.code == 1
    assert len(ended.sentences) == 1
    sentence = ended.sentences[0]
    assert sentence.startswith("jianfu: ")
    assert all(word in sentence for word in words), sentence
    assert "Traceback" not in ended.errors


@pytest.fixture
def stored(folder: Path) -> Iterator[Path]:
    """The database of a service that ran before."""
    assert jianfu(folder, "migrate").code == 0
    file = folder / "data" / "jianfu.sqlite"
    assert file.is_file()
    yield file
    folder.joinpath("data").chmod(0o700)


def test_a_wrong_token_ends_the_program(api: BotApiServer, folder: Path) -> None:
    """A token that Telegram refuses ends the program, as no channel is left; the token itself is not shown."""
    wrong = "999:a-wrong-token"
    environment = telegram_environment(folder, api, {"JIANFU_TELEGRAM__TOKEN": wrong})
    service = Running(folder, environment).start(ready=False)
    assert service.ended() == 1
    sentences = [line for line in service.log.splitlines() if line.startswith("jianfu: ")]
    assert len(sentences) == 1
    assert "JIANFU_TELEGRAM__TOKEN" in sentences[0]
    assert wrong not in service.log
    assert "Traceback" not in service.log


def test_an_unknown_setting_is_named(folder: Path) -> None:
    """A wrong key stops the start with a sentence that names it."""
    ended = jianfu(folder, "run", settings={"JIANFU_RELEASE__KAY": "5"})
    _refused(ended, "JIANFU_RELEASE__KAY")
    assert list(folder.iterdir()) == []


def test_a_wrong_value_is_named(folder: Path) -> None:
    """A value below the rule's floor stops the start with a sentence that names its variable."""
    _refused(jianfu(folder, "run", settings={"JIANFU_RELEASE__K": "2"}), "JIANFU_RELEASE__K")


def test_a_read_only_database_is_named(folder: Path, stored: Path) -> None:
    """A database this account may not write stops the start."""
    stored.chmod(0o400)
    _refused(jianfu(folder, "run", prelude=WITHOUT_OVERRIDE), str(stored), "permission")


def test_a_read_only_folder_is_named(folder: Path, stored: Path) -> None:
    """A folder in which this account may write nothing stops the start."""
    stored.parent.chmod(0o500)
    _refused(jianfu(folder, "run", prelude=WITHOUT_OVERRIDE), str(stored.parent))


def test_a_locked_database_is_named(folder: Path, stored: Path) -> None:
    """A database that another program keeps locked stops the start after a short wait."""
    with closing(sqlite3.connect(stored, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        address = f"sqlite+aiosqlite:///{stored}?timeout=0.5"
        ended = jianfu(folder, "run", settings={"JIANFU_STORAGE__URL": address})
        other.execute("ROLLBACK")
    _refused(ended, "locked", "close that program")


def test_a_damaged_database_is_named(folder: Path, stored: Path) -> None:
    """A file that is no database stops the start and stays as it is."""
    content = b"this is no database, but somebody's letter\n" * 50
    stored.write_bytes(content)
    _refused(jianfu(folder, "run"), str(stored), "not a SQLite database")
    assert stored.read_bytes() == content


def test_a_full_disk_at_the_start_is_named(folder: Path) -> None:
    """A disk without room for the tables stops the start; with room the same start works."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))"
    ended = jianfu(folder, "run", prelude=limit)
    _refused(ended, "database", "disk")
    assert jianfu(folder, "migrate").code == 0


def test_a_second_service_is_refused(api: BotApiServer, folder: Path) -> None:
    """Two services on one database would answer twice; the second says so and ends."""
    environment = telegram_environment(folder, api)
    with Running(folder, environment) as service:
        _refused(jianfu(folder, "run", settings=environment), "Another jianfu")
        assert service.stop() == 0


def test_a_taken_port_is_named_when_the_webhook_needs_it(api: BotApiServer, folder: Path) -> None:
    """By webhook a port that somebody uses stops the start."""
    port = api.url.rpartition(":")[2]
    settings = {
        "JIANFU_TELEGRAM__MODE": "webhook",
        "JIANFU_TELEGRAM__WEBHOOK_URL": f"http://127.0.0.1:{free_port()}/telegram/webhook",
        "JIANFU_TELEGRAM__SECRET_TOKEN": "abc",
        "JIANFU_SERVER__PORT": port,
    }
    _refused(jianfu(folder, "run", settings=telegram_environment(folder, api, settings)), f"Port {port}")


def test_keys_that_others_can_open_are_refused(folder: Path, stored: Path) -> None:
    """A key folder that others can open stops the start and says how to close it."""
    folder.joinpath("keys").chmod(0o755)
    _refused(jianfu(folder, "run"), "chmod 700")
