"""The schema in a database is the one in tables.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from domain.errors import MigrationError
from storage.database import Database
from storage.migrating import check_schema, migrate
from storage.tables import METADATA
from tests.storage.postgresql_server import Server


@pytest.fixture
async def empty_postgresql_url(postgresql_server: Server) -> AsyncIterator[str]:
    name = await postgresql_server.create()
    yield postgresql_server.url(name)
    await postgresql_server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/empty.sqlite"
    return str(request.getfixturevalue("empty_postgresql_url"))


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, METADATA))


def _constraints(connection: Connection) -> dict[str, tuple[object, ...]]:
    look = inspect(connection)
    return {
        name: (
            look.get_pk_constraint(name)["constrained_columns"],
            [unique["column_names"] for unique in look.get_unique_constraints(name)],
        )
        for name in look.get_table_names()
        if name in METADATA.tables
    }


async def test_a_migrated_database_is_the_one_in_tables_py(any_database: Database) -> None:
    """Comparing finds no difference; keys and unique columns are those a fresh `create_all` makes."""
    async with any_database.transaction() as tx:
        assert await tx.connection.run_sync(_differences) == []
        migrated = await tx.connection.run_sync(_constraints)
        await tx.connection.run_sync(METADATA.drop_all)
        await tx.connection.run_sync(METADATA.create_all)
        assert await tx.connection.run_sync(_constraints) == migrated
    assert migrated.keys() == METADATA.tables.keys()


async def test_no_table_of_sqlite_counts_its_rows(database: Database) -> None:
    """A rowid would keep the order of arrival."""
    async with database.reading() as tx:
        rows = await tx.rows(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    with_rowid = {name for name, sql in rows if "WITHOUT ROWID" not in sql}
    assert with_rowid == {"alembic_version"}
    assert not any("AUTOINCREMENT" in sql for _, sql in rows)


async def test_migrating_twice_changes_nothing(any_database: Database) -> None:
    async with any_database.reading() as tx:
        before = await tx.value(text("SELECT version_num FROM alembic_version"))
    assert await migrate(any_database) == before
    await check_schema(any_database)


async def test_two_that_start_at_once_migrate_once(empty_url: str) -> None:
    """Both get the newest revision; neither fails."""
    first, second = await asyncio.gather(Database.open(empty_url), Database.open(empty_url))
    revisions = await asyncio.gather(migrate(first), migrate(second))
    assert revisions[0] == revisions[1] != ""
    await check_schema(second)
    await first.close()
    await second.close()


async def test_an_empty_database_says_what_to_run(empty_url: str) -> None:
    database = await Database.open(empty_url)
    with pytest.raises(MigrationError, match=r"no tables yet; run `jianfu migrate`\.$"):
        await check_schema(database)
    await database.close()


async def test_a_newer_database_is_refused_untouched(any_database: Database) -> None:
    """Neither checking nor migrating goes on with a database of a newer version."""
    async with any_database.transaction() as tx:
        before = await tx.value(text("SELECT version_num FROM alembic_version"))
        await tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MigrationError, match="9999, made by a newer version"):
        await check_schema(any_database)
    with pytest.raises(MigrationError, match="9999, made by a newer version"):
        await migrate(any_database)
    async with any_database.transaction() as tx:
        assert await tx.change(text("UPDATE alembic_version SET version_num = :old").bindparams(old=before)) == 1
