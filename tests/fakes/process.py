"""The program as an operator starts it: a process of its own, set by its environment alone."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from bot.settings import Settings, load_settings
from bot.store import opened_store
from domain.receipt import Receipt
from domain.report import ReportState
from tests.fakes.bot_api import Control

PROGRAM = Path(sys.executable).with_name("jianfu")
_DISTRICTS = {
    "haidian": "海淀区",
    "chaoyang": "朝阳区",
    "xicheng": "西城区",
    "dongcheng": "东城区",
    "fengtai": "丰台区",
    "miyun": "密云区",
}  # with fewer than six, districts have no rows of their own
REGIONS = [
    {"id": "city", "name": "示例市"},
    *({"id": id_, "name": name, "parent": "city"} for id_, name in _DISTRICTS.items()),
]
WITHOUT_OVERRIDE = "import ctypes; ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)"  # root, too, obeys file modes then
_LOG_LINE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (debug|info|warning|error|critical) [a-z-]+( [a-z]+=\S+)*"
)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def settings_environment(folder: Path, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment that holds nothing but where programs are, and settings for a store below `folder`."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **inherited,
        "LANG": "C.UTF-8",
        "JIANFU_SERVICE__DATA_DIR": str(folder / "data"),
        "JIANFU_KEYS__DIR": str(folder / "keys"),
        **(given or {}),
    }


def telegram_environment(folder: Path, api: Control, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return settings for a bot at the fake Bot API, in a city of six districts, without limits to wait for."""
    settings = {
        "JIANFU_TELEGRAM__TOKEN": api.token,
        "JIANFU_TELEGRAM__BASE_URL": api.base_url,
        "JIANFU_TELEGRAM__BASE_FILE_URL": api.base_file_url,
        "JIANFU_SERVER__PORT": str(free_port()),
        "JIANFU_LIMITS__TELEGRAM_PER_SECOND": "1000",
        "JIANFU_LIMITS__TELEGRAM_PER_CHAT_PER_SECOND": "1000",
        "JIANFU_LIMITS__MESSAGES_PER_MINUTE": "1000",
        "JIANFU_REGIONS": json.dumps(REGIONS),
    }
    return settings_environment(folder, {**settings, **(given or {})})


def webhook_environment(folder: Path, api: Control) -> dict[str, str]:
    """Return the same settings, by webhook."""
    port = free_port()
    return telegram_environment(
        folder,
        api,
        {
            "JIANFU_TELEGRAM__MODE": "webhook",
            "JIANFU_TELEGRAM__WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram/webhook",
            "JIANFU_TELEGRAM__SECRET_TOKEN": "a-secret_of-the-webhook",
            "JIANFU_SERVER__PORT": str(port),
        },
    )


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended, and what it wrote."""

    code: int
    out: str
    errors: str

    @property
    def sentences(self) -> list[str]:
        """The lines for the operator on standard error, without the log."""
        return [line for line in self.errors.splitlines() if not _LOG_LINE.fullmatch(line)]


def command(arguments: Sequence[str], *, prelude: str = "") -> list[str]:
    """Return what starts the program; `prelude` is Python that changes the process before it becomes the program."""
    line = [str(PROGRAM), *arguments]
    if not prelude:
        return line
    return [sys.executable, "-c", f"{prelude}\nimport os, sys; os.execv(sys.argv[1], sys.argv[1:])", *line]


def jianfu(
    folder: Path,
    *arguments: str,
    given: bytes = b"",
    settings: Mapping[str, str] | None = None,
    prelude: str = "",
    seconds: float = 60,
) -> Ended:
    """Run one command to its end in a folder, with `given` as its input."""
    ended = subprocess.run(
        command(arguments, prelude=prelude),
        input=given,
        capture_output=True,
        cwd=folder,
        env=settings_environment(folder, settings),
        timeout=seconds,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


@dataclass
class Running:
    """`jianfu run` under way; its output goes to a file that later starts in the same folder continue."""

    folder: Path
    environment: Mapping[str, str]
    prelude: str = ""
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def log(self) -> str:
        """Everything written so far by all starts, to standard output and standard error."""
        return (self.folder / "run.log").read_text("utf-8")

    @property
    def pid(self) -> int:
        """The process id."""
        return self._started.pid

    @property
    def _started(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "it was not started"
        return self._process

    def start(self, *, ready: bool = True) -> Self:
        """Start it; `ready` waits until its channel works."""
        with (self.folder / "run.log").open("ab") as log:
            self._process = subprocess.Popen(
                command(["run"], prelude=self.prelude),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=dict(self.environment),
            )
        if ready:
            self._wait_until_up()
        return self

    def _wait_until_up(self, *, seconds: float = 60) -> None:
        url = f"http://127.0.0.1:{self.environment['JIANFU_SERVER__PORT']}/healthz"
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self._started.poll() is None, f"it ended at its start: {self.log}"
            with suppress(httpx.TransportError):
                if httpx.get(url, trust_env=False).is_success:
                    return
            time.sleep(0.1)
        raise AssertionError("its channel did not come up in time")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._started.kill()
        self._started.wait()

    def stop(self, *, seconds: float = 5) -> int:
        """Ask it to end, as systemd does; returns its exit code; fails when that takes too long."""
        self._started.send_signal(signal.SIGTERM)
        return self.ended(seconds=seconds)

    def ended(self, *, seconds: float = 30) -> int:
        """Wait for its end and return its exit code."""
        return self._started.wait(seconds)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Return the settings a process with this environment has."""
    return load_settings(environment)[0]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a stopped service keeps: how many reports, how many of these receipts lead to one, what is left to do."""

    reports: int
    found: int
    inbox: int


async def kept(environment: Mapping[str, str], receipts: Iterable[str]) -> Kept:
    """Look into the store of a stopped service."""
    async with opened_store(settings_from(environment)) as store, store.database.reading() as tx:
        reports = await store.reports.all(tx)
        assert all(report.state is ReportState.STORED for report in reports)
        found = [await store.reports.by_receipt(tx, Receipt(code.replace("-", ""))) for code in receipts]
        waiting = await store.inbox.waiting(tx)
        return Kept(len(reports), sum(report is not None for report in found), len(waiting))


def disclosed(log: str, secrets: Iterable[str]) -> list[str]:
    """Return the secrets a log holds; fails when a line is neither an event nor a sentence of the program."""
    odd = [line for line in log.splitlines() if not _LOG_LINE.fullmatch(line) and not line.startswith("jianfu: ")]
    assert not odd, f"{len(odd)} lines are no log lines; the first: {odd[0]}"
    return [secret for secret in secrets if secret in log]
