"""Opens the database; transaction() and reading(); one writer; translates driver errors."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

from sqlalchemy import Executable, Row, Table, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, CursorResult, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from domain.errors import StorageError
from storage.failures import CONNECT_ERRORS, DRIVER_ERRORS, storage_error

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"

AnyRow: TypeAlias = Row[*tuple[Any, ...]]

_BEGIN: Final = "jianfu_begin"  # execution option: the statement that begins a transaction on SQLite
_BUSY_SECONDS: Final = 5.0
_CONNECT_SECONDS: Final = 10.0
_PRAGMAS: Final = ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON")
_SCRUB_TRIES: Final = 5
_SCRUB_BUSY_MILLISECONDS: Final = 100
_WAL_TRIES: Final = 50
_WAL_PAUSE_SECONDS: Final = 0.1


class Transaction:
    """A unit of work; only modules of this package look inside."""

    def __init__(self, connection: AsyncConnection, place: str) -> None:
        self.connection = connection
        self._place = place

    @property
    def dialect(self) -> str:
        """Return `sqlite` or `postgresql`."""
        return self.connection.dialect.name

    async def execute(self, statement: Executable, values: Any = None) -> CursorResult[*tuple[Any, ...]]:
        """Run one statement; raises StorageError or DuplicateError."""
        try:
            return await self.connection.execute(statement, values)
        except DRIVER_ERRORS as error:
            raise storage_error(error, self._place) from error

    async def rows(self, statement: Executable) -> Sequence[AnyRow]:
        """Return all rows of a query."""
        return (await self.execute(statement)).all()

    async def first(self, statement: Executable) -> AnyRow | None:
        """Return the first row of a query, if any."""
        return (await self.execute(statement)).first()

    async def value(self, statement: Executable) -> Any:
        """Return the first column of the first row, None without a row."""
        return (await self.execute(statement)).scalar()

    async def change(self, statement: Executable) -> int:
        """Run an update or delete; returns how many rows it touched."""
        return (await self.execute(statement)).rowcount

    async def insert(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows; raises DuplicateError when one of them is there."""
        values = [dict(row) for row in rows]
        if values:
            await self.execute(table.insert(), values)

    async def insert_new(self, table: Table, row: Mapping[str, Any]) -> bool:
        """Add one row unless its unique values are there; False when they are."""
        statement = self._insert(table).values(dict(row)).on_conflict_do_nothing()
        return await self.change(statement) == 1

    async def put(self, table: Table, row: Mapping[str, Any], *, key: str) -> None:
        """Add one row, or replace what stands under its key column."""
        statement = self._insert(table).values(dict(row))
        others = {name: statement.excluded[name] for name in row if name != key}
        await self.execute(statement.on_conflict_do_update(index_elements=[key], set_=others))

    async def keep_others_out(self, table: Table) -> None:
        """Keep every other writer from a table until the end of this transaction; readers go on.

        Needed by what reads rows and writes them again: PostgreSQL would let a report come, or a withdrawal happen,
        between the two. SQLite has one writer anyway.
        """
        if self.dialect == POSTGRESQL:
            await self.execute(text(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE"))

    def _insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        return postgresql.insert(table) if self.dialect == POSTGRESQL else sqlite.insert(table)


class Database:
    """An open database; build it with `open`, end it with `close`."""

    def __init__(self, engine: AsyncEngine, place: str) -> None:
        self._engine = engine
        self._place = place
        # SQLite has one writer: waiting here is fair and cannot time out, waiting for the file's lock is neither.
        self._writer: asyncio.Lock | nullcontext[None] = asyncio.Lock() if self.dialect == SQLITE else nullcontext()

    @classmethod
    async def open(cls, url: str) -> Self:
        """Open the database; a missing SQLite file and its folder are made, open to this account only.

        Raises:
            StorageError: one sentence: locked, read-only, no database, unreachable, refused.
        """
        parsed = _parsed(url)
        is_sqlite = parsed.get_backend_name() == SQLITE
        place = _place(parsed)
        if is_sqlite:
            _make_file(parsed, place)
        engine = _sqlite_engine(parsed) if is_sqlite else _postgresql_engine(parsed)
        database = cls(engine, place)
        try:
            await database._probe()
        except BaseException:
            await database.close()
            raise
        return database

    @property
    def dialect(self) -> str:
        """Return `sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @property
    def file(self) -> Path | None:
        """Return the SQLite file; None on PostgreSQL."""
        return _file(self._engine.url) if self.dialect == SQLITE else None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Begin a write; commits at the end, rolls back when anything is raised.

        Raises:
            StorageError: nothing was changed.
        """
        async with self._writer, self._begun("BEGIN IMMEDIATE") as connection:
            yield Transaction(connection, self._place)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Begin a read, beside any writer; raises StorageError."""
        async with self._begun("BEGIN") as connection:
            yield Transaction(connection, self._place)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """Give out a connection without a transaction (each statement stands alone); raises StorageError."""
        connection = await self._connected()
        try:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection
        except DRIVER_ERRORS as error:
            raise storage_error(error, self._place) from error
        finally:
            await connection.close()

    async def scrub(self) -> bool:
        """Take deleted content out of the write-ahead log of SQLite; False while a reader keeps it from that.

        On PostgreSQL there is nothing to do: there the promise is the destroyed key.
        """
        if self.dialect != SQLITE:
            return True
        for _ in range(_SCRUB_TRIES):
            async with self._writer, self.connection() as connection:
                await connection.exec_driver_sql(f"PRAGMA busy_timeout={_SCRUB_BUSY_MILLISECONDS}")
                row = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
                await connection.exec_driver_sql(f"PRAGMA busy_timeout={int(_busy_seconds(self._engine.url) * 1000)}")
            if row[0] == 0:
                return True
        return False

    async def close(self) -> None:
        """Give every connection back."""
        await self._engine.dispose()

    async def _connected(self) -> AsyncConnection:
        try:
            return await self._engine.connect()
        except CONNECT_ERRORS as error:
            raise storage_error(error, self._place) from error

    @asynccontextmanager
    async def _begun(self, begin: str) -> AsyncIterator[AsyncConnection]:
        connection = await self._connected()
        try:
            await connection.execution_options(**{_BEGIN: begin})
            async with connection.begin():
                yield connection
        except DRIVER_ERRORS as error:
            raise storage_error(error, self._place) from error
        finally:
            await connection.close()

    async def _probe(self) -> None:
        """Reach the file or server once, so that a wrong setting is told at the start."""
        if self.dialect == SQLITE:
            await self._switch_to_wal()
        else:
            async with self.connection() as connection:
                await connection.exec_driver_sql("SELECT 1")

    async def _switch_to_wal(self) -> None:
        # Two processes that start at once: the switch does not wait for the other one's lock, so it is repeated.
        for tries_left in reversed(range(_WAL_TRIES)):
            try:
                async with self.connection() as connection:
                    await connection.exec_driver_sql("PRAGMA schema_version")
                    mode = (await connection.exec_driver_sql("PRAGMA journal_mode=WAL")).scalar()
            except StorageError as error:
                if tries_left == 0 or getattr(error.__cause__, "orig", None) is None or "locked" not in str(error):
                    raise
                await asyncio.sleep(_WAL_PAUSE_SECONDS)
                continue
            if mode != "wal":
                raise StorageError(f"{self._place} cannot use a write-ahead log; put it on a local disk.")
            return


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.drivername not in {"sqlite+aiosqlite", "postgresql+asyncpg"}:
        raise StorageError("[storage] url must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://.")
    if parsed.get_backend_name() == SQLITE and (not parsed.database or ":memory:" in parsed.database):
        raise StorageError("[storage] url must name a SQLite file; a database in memory forgets everything.")
    return parsed


def _place(url: URL) -> str:
    if url.get_backend_name() == SQLITE:
        return f"The database {_file(url)}"
    host = url.host or url.query.get("host") or "localhost"
    return f"The PostgreSQL database {url.database} at {host}{f':{url.port}' if url.port else ''}"


def _file(url: URL) -> Path:
    return Path((url.database or "").removeprefix("file:"))


def _make_file(url: URL, place: str) -> None:
    if url.query.get("mode") in {"ro", "rw"}:
        return  # an SQLite URI that must not make a file
    path = _file(url)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except PermissionError as error:
        raise StorageError(f"{place} may not be written; give this account permission on it and its folder.") from error
    except (FileExistsError, NotADirectoryError) as error:
        raise StorageError(f"{place} cannot be made: its folder is a file; check [storage] url.") from error
    except IsADirectoryError as error:
        raise StorageError(f"{place} is a folder; [storage] url must name a file.") from error
    except OSError as error:
        raise StorageError(f"{place} cannot be made: {error.strerror}; check [storage] url and the disk.") from error


def _busy_seconds(url: URL) -> float:
    return float(str(url.query.get("timeout", _BUSY_SECONDS)))


def _sqlite_engine(url: URL) -> AsyncEngine:
    engine = create_async_engine(
        url,
        hide_parameters=True,
        # The driver must not begin transactions by itself: it would begin a write as a read.
        connect_args={"timeout": _busy_seconds(url), "isolation_level": None},
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(driver_connection: Any, _record: Any) -> None:
    cursor = driver_connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    statement = connection.get_execution_options().get(_BEGIN)
    if statement is not None:
        connection.exec_driver_sql(statement)


def _postgresql_engine(url: URL) -> AsyncEngine:
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,  # a restarted server costs one ping, not one failed message
        connect_args={"timeout": _CONNECT_SECONDS, "server_settings": {"application_name": "jianfu"}},
    )
