"""Opening, transactions, errors in one sentence."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import sys
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text

from domain.errors import DuplicateError, StorageError
from storage.database import Database
from storage.failures import storage_error
from storage.tables import facts
from tests.storage.postgresql_server import CAREFUL_ROLE, Server

_ROOT = Path(__file__).parents[2]
_LARGE = "x" * 100_000


async def _names(database: Database) -> list[str]:
    async with database.reading() as tx:
        return sorted(name for (name,) in await tx.rows(select(facts.c.name)))


async def _add_and_fail(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.insert(facts, [{"name": "lost", "value": "v"}])
        raise RuntimeError


async def _add(database: Database, name: str, value: str = "v") -> None:
    async with database.transaction() as tx:
        await tx.insert(facts, [{"name": name, "value": value}])


async def test_a_transaction_commits_whole_or_not_at_all(any_database: Database) -> None:
    """What was written before an error is undone; the database can be used on."""
    await _add(any_database, "kept")
    with pytest.raises(RuntimeError):
        await _add_and_fail(any_database)
    await _add(any_database, "later")
    assert await _names(any_database) == ["kept", "later"]


async def test_a_cancelled_transaction_is_undone(any_database: Database) -> None:
    """Cancelling in the middle of a write changes nothing and frees the writer."""
    begun = asyncio.Event()

    async def write() -> None:
        async with any_database.transaction() as tx:
            await tx.insert(facts, [{"name": "lost", "value": "v"}])
            begun.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(write())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await _add(any_database, "later")
    assert await _names(any_database) == ["later"]


async def test_a_second_row_of_one_key_is_a_duplicate(any_database: Database) -> None:
    """The error is a DuplicateError whose text holds no value of the row."""
    await _add(any_database, "name")
    with pytest.raises(DuplicateError) as caught:
        await _add(any_database, "name", "绝密")
    assert "绝密" not in str(caught.value)
    assert "name" not in str(caught.value)


async def test_driver_errors_hide_bound_values(any_database: Database) -> None:
    """Neither our error nor its chain of causes shows what a statement was given."""
    with pytest.raises(StorageError) as caught:
        async with any_database.transaction() as tx:
            await tx.execute(text("INSERT INTO nowhere VALUES (:value)"), {"value": "绝密"})
    assert "migrate" in str(caught.value)
    assert "绝密" not in str(caught.value)
    assert "绝密" not in str(caught.value.__cause__)


async def test_writers_side_by_side_lose_nothing(any_database: Database) -> None:
    """Forty concurrent writes that read and write are all there, each in its own number."""

    async def write(number: int) -> None:
        async with any_database.transaction() as tx:
            await tx.value(select(func.count()).select_from(facts))
            await tx.insert(facts, [{"name": f"{number:02}", "value": "v"}])

    await asyncio.gather(*(write(number) for number in range(40)))
    assert await _names(any_database) == [f"{number:02}" for number in range(40)]


async def test_two_processes_may_write_one_file(sqlite_url: str) -> None:
    """Two open databases of one SQLite file wait for each other."""
    first, second = await Database.open(sqlite_url), await Database.open(sqlite_url)
    await asyncio.gather(*(_add(one, f"{number}{one is first}") for number in range(10) for one in (first, second)))
    assert len(await _names(first)) == 20
    await first.close()
    await second.close()


async def test_a_reader_is_not_kept_waiting_by_a_writer(any_database: Database) -> None:
    """During a write, reading shows what was there before."""
    async with any_database.transaction() as tx:
        await tx.insert(facts, [{"name": "new", "value": "v"}])
        assert await _names(any_database) == []


async def test_sqlite_is_set_up_to_keep_and_to_forget(database: Database) -> None:
    """Every connection writes through, overwrites what it deletes, and waits for a lock."""
    async with database.transaction() as tx:
        names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
        values = [await tx.value(text(f"PRAGMA {name}")) for name in names]
    assert values == ["wal", 2, 1, 1, 5000]


async def test_a_new_file_and_its_folder_are_closed_to_others(tmp_path: Path) -> None:
    """The missing folder is made with mode 0700, the file with 0600."""
    file = tmp_path / "new" / "jianfu.sqlite"
    database = await Database.open(f"sqlite+aiosqlite:///{file}")
    await database.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_deleted_content_leaves_the_file(database: Database) -> None:
    """After a delete and scrub() the bytes stand nowhere: not in free pages, not in the write-ahead log."""
    assert database.file is not None
    mark = b"green whale in lane eight"
    await _add(database, "secret", mark.decode() * 500)
    assert mark in b"".join(path.read_bytes() for path in database.file.parent.glob("jianfu.sqlite*"))
    async with database.transaction() as tx:
        await tx.change(delete(facts))
    assert await database.scrub()
    assert mark not in b"".join(path.read_bytes() for path in database.file.parent.glob("jianfu.sqlite*"))


async def test_scrub_says_when_a_reader_is_in_the_way(database: Database) -> None:
    """While a reader holds an old state scrub() is False; afterwards it is True."""
    await _add(database, "one")
    async with database.reading() as tx:
        await tx.rows(select(facts))
        await _add(database, "two")
        assert not await database.scrub()
    assert await database.scrub()


async def test_what_was_committed_survives_a_kill(sqlite_url: str) -> None:
    """A process that dies without closing leaves every committed row and nothing half written."""
    program = f"""
import asyncio, os
from storage.database import Database
from storage.tables import facts
async def main():
    database = await Database.open({sqlite_url!r})
    async with database.transaction() as tx:
        await tx.insert(facts, [{{"name": "kept", "value": "v"}}])
    async with database.transaction() as tx:
        await tx.insert(facts, [{{"name": "half", "value": "v"}}])
        os.kill(os.getpid(), 9)
asyncio.run(main())
"""
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", program, cwd=_ROOT)
    assert await child.wait() == -9
    database = await Database.open(sqlite_url)
    assert await _names(database) == ["kept"]
    await database.close()


# ---- errors of the operator ----


async def _open_and_write(url: str) -> None:
    database = await Database.open(url)
    try:
        await _add(database, "name", _LARGE)
    finally:
        await database.close()


async def _sentence(url: str) -> str:
    """Return what the operator reads when opening and one write fail."""
    with pytest.raises(StorageError) as caught:
        await _open_and_write(url)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    assert sentence.endswith(".")
    return sentence


async def test_a_locked_file_is_one_sentence(sqlite_url: str) -> None:
    """Somebody else's long write ends in a sentence that says locked, not in a wait without end."""
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite+aiosqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "is locked by another program" in await _sentence(f"{sqlite_url}?timeout=0.05")
    other.close()


async def test_a_read_only_file_is_one_sentence(sqlite_url: str) -> None:
    """A database opened without the right to write says read-only."""
    path = sqlite_url.removeprefix("sqlite+aiosqlite:///")
    sentence = await _sentence(f"sqlite+aiosqlite:///file:{path}?mode=ro&uri=true")
    assert "is read-only" in sentence
    assert f"The database {path} " in sentence


async def test_a_file_without_permission_is_one_sentence() -> None:
    """A file that belongs to somebody else says that permission is missing."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:  # open to the other account
        file = f"{name}/jianfu.sqlite"
        os.close(os.open(file, os.O_CREAT, 0o400))
        os.chmod(name, 0o755)  # noqa: PTH101, S103  an empty folder, for a moment
        own = os.geteuid()
        if own == 0:
            os.seteuid(65534)  # root may write everywhere
        try:
            assert "permission" in await _sentence(f"sqlite+aiosqlite:///{file}")
        finally:
            os.seteuid(own)


async def test_a_full_disk_is_one_sentence(database: Database) -> None:
    """When the file cannot grow the write fails whole and says so."""

    async def fill() -> None:
        async with database.transaction() as tx:
            await tx.execute(text("PRAGMA max_page_count=50"))
            await tx.insert(facts, [{"name": f"{number}", "value": _LARGE} for number in range(10)])

    with pytest.raises(StorageError, match="disk is full"):
        await fill()
    assert await _names(database) == []


async def test_a_file_of_something_else_is_one_sentence(tmp_path: Path) -> None:
    """A file that is no database is named and left as it was."""
    file = tmp_path / "notes.txt"
    file.write_bytes(b"no database at all\n" * 100)
    assert "is not a SQLite database" in await _sentence(f"sqlite+aiosqlite:///{file}")
    assert file.read_bytes() == b"no database at all\n" * 100


async def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    """A file where the folder should be, and a folder where the file should be."""
    (tmp_path / "file").touch()
    assert "its folder is a file" in await _sentence(f"sqlite+aiosqlite:///{tmp_path}/file/jianfu.sqlite")
    assert "is a folder" in await _sentence(f"sqlite+aiosqlite:///{tmp_path}")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://localhost/x", "must begin with"),
        ("sqlite:///x.sqlite", "must begin with"),
        ("nonsense", "must begin with"),
        ("sqlite+aiosqlite://", "must name a SQLite file"),
        ("sqlite+aiosqlite:///:memory:", "must name a SQLite file"),
    ],
)
async def test_a_wrong_url_is_one_sentence(url: str, words: str) -> None:
    assert words in await _sentence(url)


async def test_an_unreachable_server_is_one_sentence_without_the_password() -> None:
    sentence = await _sentence("postgresql+asyncpg://jianfu:s3cret@127.0.0.1:1/reports")
    assert "The PostgreSQL database reports at 127.0.0.1:1 cannot be reached" in sentence
    assert "s3cret" not in sentence


@pytest.mark.postgres
async def test_a_wrong_password_is_one_sentence_without_it(postgresql_server: Server) -> None:
    await postgresql_server.run(f"CREATE ROLE {CAREFUL_ROLE} LOGIN PASSWORD 'right'")
    url = postgresql_server.url("postgres").replace("jianfu@", f"{CAREFUL_ROLE}:s3cret@")
    sentence = await _sentence(url)
    await postgresql_server.run(f"DROP ROLE {CAREFUL_ROLE}")
    assert "refuses this account" in sentence
    assert "s3cret" not in sentence


@pytest.mark.postgres
async def test_a_missing_postgresql_database_is_one_sentence(postgresql_server: Server) -> None:
    assert "does not exist; create the database" in await _sentence(postgresql_server.url("nowhere"))


@pytest.mark.postgres
async def test_a_restarted_server_costs_no_message(postgresql_url: str, postgresql_server: Server) -> None:
    """Connections that the server cut are replaced before they are used; one cut in use is a StorageError."""
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'"
    database = await Database.open(postgresql_url)
    await _add(database, "before")
    await postgresql_server.run(cut)
    await _add(database, "after")

    async def read_cut_read() -> None:
        async with database.transaction() as tx:
            await tx.rows(select(facts))
            await postgresql_server.run(cut)
            await tx.rows(select(facts))

    with pytest.raises(StorageError, match=r"shutting down|cannot be reached"):
        await read_cut_read()
    assert await _names(database) == ["after", "before"]
    await database.close()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SQLITE_BUSY_SNAPSHOT", "is locked"),
        ("SQLITE_READONLY_DBMOVED", "is read-only"),
        ("SQLITE_CORRUPT", "is damaged; restore it"),
        ("SQLITE_IOERR_FSYNC", "could not be read or written"),
        ("SQLITE_MISMATCH", "failed (OperationalError)"),
    ],
)
def test_rare_sqlite_errors_have_a_sentence(name: str, words: str) -> None:
    error = sqlite3.OperationalError("绝密")
    error.sqlite_errorname = name
    sentence = str(storage_error(error, "The database x"))
    assert words in sentence
    assert "绝密" not in sentence
