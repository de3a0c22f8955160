"""Turns what the database drivers raise into our errors, one clear sentence each."""

from __future__ import annotations

import sqlite3
from typing import Final

import asyncpg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from domain.errors import DuplicateError, StorageError

DRIVER_ERRORS: Final = (SQLAlchemyError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError)
CONNECT_ERRORS: Final = (*DRIVER_ERRORS, OSError)  # TimeoutError is an OSError

_UNIQUE: Final = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505"})
_SQLITE: Final = (
    ("SQLITE_BUSY", "{place} is locked by another program; close that program or try again."),
    ("SQLITE_LOCKED", "{place} is locked by another program; close that program or try again."),
    ("SQLITE_READONLY", "{place} is read-only; give this account write permission on the file and its folder."),
    ("SQLITE_FULL", "{place} cannot grow because the disk is full; free some space."),
    ("SQLITE_NOTADB", "{place} is not a SQLite database; check [storage] url or move the file away."),
    ("SQLITE_CORRUPT", "{place} is damaged; restore it from a backup."),
    (
        "SQLITE_CANTOPEN",
        "{place} cannot be opened; check that its folder exists and that this account may write there.",
    ),
    ("SQLITE_PERM", "{place} cannot be opened; give this account permission on the file and its folder."),
    ("SQLITE_IOERR", "{place} could not be read or written; check the disk and its free space."),
)
_POSTGRESQL: Final = (
    ("28", "{place} refuses this account; check the name and the password in [storage] url."),
    ("3D000", "{place} does not exist; create the database or check [storage] url."),
    ("42501", "{place} does not give this account the permission it needs; grant it rights on the database."),
    ("42P01", "{place} lacks a table; run `jianfu migrate`."),
    ("25006", "{place} is read-only; connect to the primary server."),
    ("53100", "{place} cannot grow because the disk is full; free some space."),
    ("53300", "{place} has too many connections; raise max_connections or stop other programs."),
    ("57P", "{place} is starting or shutting down; try again."),
    ("40", "{place} could not finish because of another transaction; try again."),
    ("55P03", "{place} is locked by another program; try again."),
    ("08", "{place} cannot be reached; check that the server runs and that [storage] url names it."),
)


def storage_error(error: BaseException, place: str) -> StorageError:
    """Return our error for a driver's; its text names the place and what to do, never a bound value."""
    cause = _driver_error(error)
    name = _code(cause)
    if name in _UNIQUE:
        return DuplicateError(f"{place} holds this row already.")
    for start, sentence in _SQLITE if name.startswith("SQLITE_") else _POSTGRESQL:
        if name.startswith(start):
            return StorageError(sentence.format(place=place))
    if isinstance(cause, sqlite3.OperationalError) and str(cause).startswith("no such table"):
        return StorageError(f"{place} lacks a table; run `jianfu migrate`.")
    if _unreachable(error, cause):
        return StorageError(f"{place} cannot be reached; check that the server runs and that [storage] url names it.")
    return StorageError(f"{place} failed ({type(cause).__name__}); see the database's own log.")


def _driver_error(error: BaseException) -> BaseException:
    """Return what the driver itself raised, under SQLAlchemy's and its adapter's wrapping."""
    cause: BaseException | None = error.orig if isinstance(error, DBAPIError) else error
    while cause is not None and not isinstance(cause, (sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError)):
        if cause.__cause__ is None:
            return cause
        cause = cause.__cause__
    return cause or error


def _code(cause: BaseException) -> str:
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorname", None) or ""
    return getattr(cause, "sqlstate", None) or ""


def _unreachable(error: BaseException, cause: BaseException) -> bool:
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or isinstance(cause, (OSError, asyncpg.InterfaceError))
