"""Brings the schema to the newest revision, and refuses to start on another."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from domain.errors import MigrationError
from storage.database import POSTGRESQL, Database, Transaction

_LOCK: Final = 0x6A66_0001  # PostgreSQL advisory lock: one process migrates at a time
_SCRIPTS: Final = Path(__file__).parent / "migrations"


async def migrate(database: Database) -> str:
    """Bring the schema to the newest revision, whole or not at all; returns the revision.

    Two processes may start at once: the second waits and finds nothing to do.

    Raises:
        MigrationError: the database was made by a newer version.
        StorageError: the database failed.
    """
    async with database.transaction() as tx:
        if tx.dialect == POSTGRESQL:
            await tx.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        _refuse_newer(await _revision(tx))
        await tx.connection.run_sync(_upgrade)
    return _newest()


async def check_schema(database: Database) -> None:
    """Raise MigrationError, in one sentence, unless the schema is the one this version needs."""
    async with database.reading() as tx:
        revision = await _revision(tx)
    _refuse_newer(revision)
    if revision is None:
        raise MigrationError("The database has no tables yet; run `jianfu migrate`.")
    if revision != _newest():
        raise MigrationError(
            f"The database schema is at revision {revision} and this version needs {_newest()}; run `jianfu migrate`."
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _newest() -> str:
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def _revision(tx: Transaction) -> str | None:
    return await tx.connection.run_sync(
        lambda connection: MigrationContext.configure(connection).get_current_revision()
    )


def _refuse_newer(revision: str | None) -> None:
    known = {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise MigrationError(
            f"The database schema is at revision {revision}, made by a newer version; install that version."
        )


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
