"""A faithful fake of the Bot API on loopback HTTP, within a test or as a program of its own.

Within a test: `with BotApiServer() as api: ...`. As a program: `python tests/fakes/bot_api.py --port 9000`, driven
with `Control("http://127.0.0.1:9000")` or by POST /_control/<action> with a JSON object; both ways are the same.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import uvicorn

sys.path.insert(0, str(Path(__file__).parents[2]))  # so that it also runs as a program

from tests.fakes.bot_api_state import Json
from tests.fakes.bot_api_web import BotApiApp

TOKEN = "12345:fake-token"
DEFAULT_GROUP: Json = {"id": -1001, "type": "supergroup", "title": "Office"}


def listen(port: int) -> socket.socket:
    """Return a listening socket whose small answers are sent at once (only with its protocol named)."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(512)
    return listening


class Control:
    """The people's side of the fake, over HTTP: works on a server of this or of another process."""

    def __init__(self, url: str, *, token: str = TOKEN) -> None:
        self.url = url
        self.token = token
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=10)

    @property
    def base_url(self) -> str:
        """What the service takes as [telegram] base_url."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """What the service takes as [telegram] base_file_url."""
        return f"{self.url}/file/bot"

    def do(self, action: str, **given: Any) -> Any:
        """Do one thing; raises LookupError for what does not exist."""
        answer = self._client.post(f"/_control/{action}", json={"token": self.token, **given}).json()
        if "error" in answer:
            raise LookupError(answer["error"])
        return answer["result"]

    def say(self, person: int, text: str | None = None, *, chat: Json | None = None, **fields: Any) -> Json:
        """A person writes; any message fields may be given (`sticker=…`, `caption=…`); returns the update."""
        if text is not None:
            fields["text"] = text
        update: Json = self.do("say", person=person, chat=chat, fields=fields)
        return update

    def press(self, person: int, message_id: int, button: str, *, stale: bool = False) -> Json:
        """A person presses the button with this callback_data or label; a `stale` one need not be there any more."""
        update: Json = self.do("press", person=person, message_id=message_id, button=button, stale=stale)
        return update

    def edit(self, person: int, message_id: int, text: str) -> Json:
        """A person edits a message."""
        update: Json = self.do("edit", person=person, message_id=message_id, text=text)
        return update

    def block(self, person: int) -> None:
        """A person blocks the bot."""
        self.do("block", person=person)

    def unblock(self, person: int) -> None:
        """A person unblocks the bot."""
        self.do("unblock", person=person)

    def inject(self, update: Any) -> None:
        """Queue any update, however odd; without update_id it gets the next one."""
        self.do("update", update=update)

    def fail(self, method: str, *, times: int = 1, **fault: Any) -> None:
        """Let the next calls of a method ("*": of any) fail; see bot_api_state.Fault for the ways."""
        self.do("fail", method=method, times=times, **fault)

    def expire_presses(self) -> None:
        """Make every button press too old to be answered."""
        self.do("expire_presses")

    def sent_to(self, chat: int) -> list[Json]:
        """Return the bot's messages in a chat as they stand now, oldest first."""
        messages: list[Json] = self.do("sent_to", chat=chat)
        return messages

    def texts(self, chat: int) -> list[str]:
        """Return the texts or captions of `sent_to`."""
        return [message.get("text") or message.get("caption") or "" for message in self.sent_to(chat)]

    def file(self, message: Json) -> bytes:
        """Return the content of a sent document or photo."""
        file = message["document"] if "document" in message else message["photo"][-1]
        return bytes.fromhex(self.do("file", file_id=file["file_id"]))

    def calls(self, method: str | None = None) -> list[Json]:
        """Return the calls the bot made: {method, parameters, at (seconds on a steady clock)}."""
        calls: list[Json] = self.do("calls", method=method)
        return calls

    def waiting(self) -> list[Json]:
        """Return the updates not yet confirmed by an offset or a webhook's 2xx."""
        updates: list[Json] = self.do("waiting")
        return updates

    def answered(self) -> list[str]:
        """Return the ids of the presses that were answered."""
        presses: list[str] = self.do("answered")
        return presses

    def webhook(self) -> Json:
        """Return {url, last_error}."""
        state: Json = self.do("webhook")
        return state

    def add_bot(self, token: str) -> None:
        """Make one more bot known."""
        self.do("add_bot", token=token)

    def close(self) -> None:
        """Close the connection to the server."""
        self._client.close()


class _Server(uvicorn.Server):
    def abort(self, scope: Any) -> None:
        """Break the connection a request came on."""
        for connection in self.server_state.connections:
            if getattr(connection, "scope", None) is scope:
                connection.transport.abort()


async def serve(app: BotApiApp, listening: socket.socket, stop: threading.Event | None = None) -> None:
    """Answer on a socket until `stop` is set, or the program is ended."""
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    server = _Server(config)
    app.abort = server.abort
    delivering = asyncio.create_task(app.deliver())
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not serving.done() and not (stop and stop.is_set()):
            await asyncio.wait((serving,), timeout=0.02)
    finally:
        delivering.cancel()
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        for bot in app.bots.values():
            bot.quit()
        server.should_exit = server.force_exit = True
        await asyncio.gather(serving, delivering, return_exceptions=True)


class BotApiServer(Control):
    """The fake in a thread of this process; `stop` and `start` again keep its port and what it knows."""

    def __init__(self, *, token: str = TOKEN) -> None:
        self._app = BotApiApp(token)
        self._port = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.start()
        super().__init__(f"http://127.0.0.1:{self._port}", token=token)

    def start(self) -> None:
        """Listen; the port is chosen once."""
        listening = listen(self._port)
        self._port = listening.getsockname()[1]
        self._stop.clear()
        self._thread = threading.Thread(target=asyncio.run, args=(serve(self._app, listening, self._stop),))
        self._thread.start()

    def stop(self) -> None:
        """Be away, as Telegram is when the network is down."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.close()


def main() -> None:
    """Serve until ended; prints the address when it listens."""
    parser = argparse.ArgumentParser(description="A fake Bot API on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", action="append")
    given = parser.parse_args()
    listening = listen(given.port)
    sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    asyncio.run(serve(BotApiApp(*(given.token or [TOKEN])), listening))


if __name__ == "__main__":
    main()
