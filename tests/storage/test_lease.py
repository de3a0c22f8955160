"""One process at a time polls, delivers and releases."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from domain.errors import StorageError
from storage.database import Database
from storage.lease import Lease
from tests.storage.postgresql_server import Server

_HOLDER = """
import asyncio, sys
from storage.database import Database
from storage.lease import Lease
async def main():
    database = await Database.open(sys.argv[1])
    print(await Lease.acquire(database) is not None, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


async def _until_free(database: Database) -> Lease:
    for _ in range(200):
        lease = await Lease.acquire(database)
        if lease is not None:
            return lease
        await asyncio.sleep(0.02)
    pytest.fail("the lease never became free")


async def test_the_lease_has_one_holder(any_url: str) -> None:
    """The second gets None, within one process and between two, until the first gives it back."""
    first, second = await Database.open(any_url), await Database.open(any_url)
    lease = await Lease.acquire(first)
    assert lease is not None
    assert await lease.held()
    assert await Lease.acquire(first) is None
    assert await Lease.acquire(second) is None
    await lease.release()
    again = await Lease.acquire(second)
    assert again is not None
    await again.release()
    await first.close()
    await second.close()


async def test_a_killed_process_gives_the_lease_back(any_url: str) -> None:
    """Nothing has to be cleaned up after kill -9."""
    database = await Database.open(any_url)
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _HOLDER, any_url, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"True\n"
    assert await Lease.acquire(database) is None
    holder.kill()
    await holder.communicate()
    lease = await _until_free(database)
    await lease.release()
    await database.close()


@pytest.mark.postgres
async def test_a_cut_connection_has_lost_the_lease(postgresql_url: str, postgresql_server: Server) -> None:
    """`held` says so, and releasing it then is no error."""
    database = await Database.open(postgresql_url)
    lease = await Lease.acquire(database)
    assert lease is not None
    await postgresql_server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'")
    assert not await lease.held()
    await lease.release()
    again = await _until_free(database)
    await again.release()
    await database.close()


async def test_a_lease_file_that_cannot_be_made_is_one_sentence(database: Database) -> None:
    assert database.file is not None
    database.file.with_name(f"{database.file.name}.lease").mkdir()
    with pytest.raises(StorageError, match=r"cannot be made: Is a directory\.$"):
        await Lease.acquire(database)
