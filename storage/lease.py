"""The lease: one process polls, holds sockets, delivers and releases for a database."""

from __future__ import annotations

import fcntl
import os
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Final, Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import StorageError
from storage.database import Database
from storage.failures import DRIVER_ERRORS

_LOCK: Final = 0x6A66_0002  # PostgreSQL advisory lock, of this database alone


class Lease:
    """Held until `release` or the end of the process, even by `kill -9`: nothing has to be cleaned up.

    On SQLite it is a lock on the file `<database>.lease`; on PostgreSQL an advisory lock of one connection, which is
    lost with the connection: ask `held` before what must not be done twice.
    """

    def __init__(self, stack: AsyncExitStack, connection: AsyncConnection | None) -> None:
        self._stack = stack
        self._connection = connection

    @classmethod
    async def acquire(cls, database: Database) -> Self | None:
        """Take the lease; None when somebody else holds it; raises StorageError when the database fails."""
        async with AsyncExitStack() as stack:
            connection = None
            if database.file is not None:
                taken = _lock(database.file, stack)
            else:
                connection = await stack.enter_async_context(database.connection())
                answer = await connection.execute(text(f"SELECT pg_try_advisory_lock({_LOCK})"))
                taken = bool(answer.scalar())
            return cls(stack.pop_all(), connection) if taken else None

    async def held(self) -> bool:
        """Say whether the lease is still ours."""
        if self._connection is None:
            return True
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {} AND pid = pg_backend_pid()"
        try:
            return bool((await self._connection.execute(text(query.format(_LOCK)))).scalar())
        except DRIVER_ERRORS:
            return False

    async def release(self) -> None:
        """Give the lease back."""
        if self._connection is not None:
            with suppress(*DRIVER_ERRORS):  # a lost connection has lost the lock already
                await self._connection.execute(text(f"SELECT pg_advisory_unlock({_LOCK})"))
        await self._stack.aclose()


def _lock(file: Path, stack: AsyncExitStack) -> bool:
    path = file.with_name(f"{file.name}.lease")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageError(f"The lease file {path} cannot be made: {error.strerror}.") from error
    stack.callback(os.close, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
