"""What every test relies on."""

from __future__ import annotations

import asyncio
import socket
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from storage.database import Database
from storage.tables import facts
from tests.fakes.clock import FakeClock


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_a_connection_to_another_machine_is_refused(host: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="reached for the network"):
        socket.create_connection((host, 80), timeout=0.01)


def test_a_name_of_another_machine_is_not_looked_up() -> None:
    with pytest.raises(pytest.fail.Exception, match="reached for the network"):
        socket.getaddrinfo("api.telegram.org", 443)


async def test_this_machine_can_be_reached() -> None:
    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"here")
        writer.close()

    server = await asyncio.start_server(answer, "localhost", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
    assert await reader.read() == b"here"
    writer.close()
    server.close()


@pytest.mark.parametrize("turn", [1, 2])
async def test_each_test_finds_an_empty_database(any_database: Database, turn: int) -> None:
    """What one test leaves behind the next does not see, on PostgreSQL too."""
    async with any_database.transaction() as tx:
        assert await tx.value(select(func.count()).select_from(facts)) == 0
        await tx.insert(facts, [{"name": "left behind", "value": "v"}])


def test_the_clock_goes_on_when_told(clock: FakeClock) -> None:
    before = clock()
    assert clock() == before
    assert clock.advance(timedelta(hours=1)) == clock() == before + timedelta(hours=1)
    with pytest.raises(ValueError, match="zone"):
        FakeClock(datetime(2026, 9, 30))  # noqa: DTZ001  the point of the test
