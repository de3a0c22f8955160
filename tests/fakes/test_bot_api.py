"""The fake Bot API keeps the rules of the real one; asked by plain HTTP, without the library."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.bot_api import BotApiServer, Control

Call = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def server() -> Iterator[BotApiServer]:
    """One server for these tests."""
    with BotApiServer() as made:
        yield made


@pytest.fixture
def api(server: BotApiServer, request: pytest.FixtureRequest) -> Iterator[Control]:
    """The people's side of a bot of this test alone."""
    control = Control(server.url, token=f"{abs(hash(request.node.nodeid)) % 10**9}:fake")
    control.add_bot(control.token)
    yield control
    control.close()


@pytest.fixture
def call(api: Control) -> Iterator[Call]:
    """Call a method; returns the status and the result or the description."""
    client = httpx.Client(trust_env=False, timeout=10)

    def do(method: str, **parameters: Any) -> tuple[int, Any]:
        answer = client.post(f"{api.base_url}{api.token}/{method}", json=parameters)
        fields = answer.json()
        assert fields["ok"] is (answer.status_code == 200)
        return answer.status_code, fields.get("result", fields.get("description"))

    yield do
    client.close()


def _numbers(updates: list[Any]) -> list[int]:
    return [update["update_id"] for update in updates]


def test_an_offset_confirms_what_is_below_it_and_nothing_else_does(api: Control, call: Call) -> None:
    """The same updates come until a higher offset is asked for; `limit` takes the oldest."""
    first, second, third = (api.say(5, text)["update_id"] for text in "abc")
    assert _numbers(call("getUpdates")[1]) == [first, second, third]
    assert _numbers(call("getUpdates", limit=2)[1]) == [first, second]
    assert _numbers(call("getUpdates", offset=second)[1]) == [second, third]
    assert _numbers(call("getUpdates")[1]) == [second, third]
    assert _numbers(call("getUpdates", offset=-1)[1]) == [third]
    assert _numbers(api.waiting()) == [third]
    assert call("getUpdates", offset=third + 1)[1] == []


def test_a_long_poll_waits_for_an_update(api: Control, call: Call) -> None:
    """It answers at once when something comes, and with nothing at its end."""
    begun = time.monotonic()
    assert call("getUpdates", timeout=1) == (200, [])
    assert time.monotonic() - begun >= 1
    timer = threading.Timer(0.2, api.say, (5, "a"))
    timer.start()
    begun = time.monotonic()
    assert len(call("getUpdates", timeout=5)[1]) == 1
    assert 0.1 < time.monotonic() - begun < 2
    timer.join()


def test_a_second_long_poll_ends_the_first(api: Control, call: Call) -> None:
    """The one that waited hears of the conflict."""
    heard: list[tuple[int, Any]] = []
    waiting = threading.Thread(target=lambda: heard.append(call("getUpdates", timeout=5)))
    waiting.start()
    time.sleep(0.2)
    assert httpx.get(f"{api.base_url}{api.token}/getUpdates", trust_env=False).status_code == 200
    waiting.join()
    assert heard[0][0] == 409
    assert "terminated by other getUpdates request" in heard[0][1]


def test_a_webhook_excludes_polling(call: Call) -> None:
    """409 until it is deleted; only https, or this machine."""
    assert call("setWebhook", url="ftp://x")[0] == 400
    assert call("setWebhook", url="https://x", secret_token="no spaces")[0] == 400
    assert call("setWebhook", url="http://127.0.0.1:9/hook") == (200, True)
    assert call("getWebhookInfo")[1]["url"] == "http://127.0.0.1:9/hook"
    assert call("getUpdates")[0] == 409
    assert call("deleteWebhook") == (200, True)
    assert call("getUpdates") == (200, [])


def test_unwanted_kinds_are_not_queued(api: Control, call: Call) -> None:
    """`allowed_updates` of the last call holds."""
    call("getUpdates", allowed_updates=["callback_query"])
    api.say(5, "a")
    assert api.waiting() == []


def test_tokens_and_methods_are_known_or_not(server: BotApiServer, call: Call) -> None:
    """401 for an unknown token, 404 for a malformed one and for an unknown method."""
    assert httpx.get(f"{server.base_url}1:unknown/getMe", trust_env=False).status_code == 401
    assert httpx.get(f"{server.base_url}malformed/getMe", trust_env=False).status_code == 404
    assert call("sendTelepathy") == (404, "Not Found")
    assert call("getMe")[1]["is_bot"] is True


@pytest.mark.parametrize(
    ("text", "mode", "status", "answer"),
    [
        ("x" * 4096, "", 200, None),
        ("x" * 4097, "", 400, "message is too long"),
        ("😀" * 2048, "", 200, None),
        ("😀" * 2048 + "x", "", 400, "message is too long"),
        ("&amp;" * 4096, "HTML", 200, None),
        (" \n ", "", 400, "message text is empty"),
        ("<b>x</b>", "HTML", 200, None),
        ("1 < 2", "HTML", 400, "can't parse entities: Unsupported start tag"),
        ("<b>x", "HTML", 400, "can't parse entities: Can't find end tag"),
        ("x</b>", "HTML", 400, "can't parse entities: Unexpected end tag at byte offset 1"),
        ("<b>x</i>", "HTML", 400, "can't parse entities: Unmatched end tag at byte offset 4"),
    ],
)
def test_texts_have_limits(api: Control, call: Call, text: str, mode: str, status: int, answer: str | None) -> None:
    """4096 units after the entities are parsed; markup must be whole."""
    api.say(5, "a")
    found, result = call("sendMessage", chat_id=5, text=text, parse_mode=mode)
    assert found == status
    if answer:
        assert answer in result
    else:
        assert isinstance(result["date"], int)


def test_markup_becomes_entities(api: Control, call: Call) -> None:
    """Tags are gone from the text and stand as entities, in UTF-16 units."""
    api.say(5, "a")
    message = call("sendMessage", chat_id=5, text="😀<b>x&lt;</b>", parse_mode="HTML")[1]
    assert message["text"] == "😀x<"
    assert message["entities"] == [{"type": "bold", "offset": 2, "length": 2}]


def test_strangers_and_blockers_are_not_written_to(api: Control, call: Call) -> None:
    """400 for an unknown chat, 403 after a block, which the bot also hears of."""
    assert call("sendMessage", chat_id=5, text="x") == (400, "Bad Request: chat not found")
    api.block(5)
    assert call("sendMessage", chat_id=5, text="x") == (403, "Forbidden: bot was blocked by the user")
    assert api.waiting()[-1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    api.unblock(5)
    assert call("sendMessage", chat_id=5, text="x")[0] == 200


@pytest.mark.parametrize(("data", "status"), [("x" * 64, 200), ("x" * 65, 400), ("字" * 22, 400), ("", 400)])
def test_buttons_carry_64_bytes(api: Control, call: Call, data: str, status: int) -> None:
    """Bytes, not characters."""
    api.say(5, "a")
    markup = {"inline_keyboard": [[{"text": "b", "callback_data": data}]]}
    assert call("sendMessage", chat_id=5, text="x", reply_markup=markup)[0] == status


def test_a_button_is_pressed_by_its_label_and_answered_once_known(api: Control, call: Call) -> None:
    """Presses have ids of their own; an unknown or old one is refused; edits must change something."""
    api.say(5, "a")
    markup = {"inline_keyboard": [[{"text": "提交", "callback_data": "s.1"}]]}
    message = call("sendMessage", chat_id=5, text="x", reply_markup=markup)[1]
    query = api.press(5, message["message_id"], "提交")["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("s.1", message["message_id"])
    assert call("answerCallbackQuery", callback_query_id=query["id"]) == (200, True)
    assert call("answerCallbackQuery", callback_query_id="7")[0] == 400
    place = {"chat_id": 5, "message_id": message["message_id"]}
    assert "reply_markup" not in call("editMessageReplyMarkup", **place)[1]
    assert "message is not modified" in call("editMessageReplyMarkup", **place)[1]
    assert call("editMessageText", **place, text="y")[1]["text"] == "y"
    assert call("editMessageText", chat_id=5, message_id=99, text="y") == (
        400, "Bad Request: message to edit not found",
    )  # fmt: skip
    with pytest.raises(LookupError):
        api.press(5, message["message_id"], "提交")
    assert call("deleteMessage", **place) == (200, True)


def test_menus_have_limits(call: Call) -> None:
    """100 commands of 32 and 256 characters, by language."""
    good = [{"command": "start", "description": "开始"}]
    assert call("setMyCommands", commands=good, language_code="zh") == (200, True)
    assert call("getMyCommands", language_code="zh") == (200, good)
    assert call("getMyCommands") == (200, [])
    for commands in (good * 101, [{"command": "Start", "description": "x"}], [{"command": "a", "description": ""}]):
        assert call("setMyCommands", commands=commands)[0] == 400


def test_faults_are_used_up(api: Control, call: Call) -> None:
    """Each fault holds for its method and as often as told."""
    api.say(5, "a")
    api.fail("sendMessage", times=1, code=429, retry_after=4)
    assert call("getMe")[0] == 200
    assert call("sendMessage", chat_id=5, text="x") == (429, "Too Many Requests: retry after 4")
    assert call("sendMessage", chat_id=5, text="x")[0] == 200
    api.fail("*", drop="after")
    with pytest.raises(httpx.TransportError):
        call("sendMessage", chat_id=5, text="y")
    assert api.texts(5) == ["x", "y"]


@pytest.mark.long
def test_it_runs_as_a_program() -> None:
    """Started by its path it prints its address and is driven the same way."""
    program = Path(__file__).with_name("bot_api.py")
    started = subprocess.Popen([sys.executable, str(program), "--token", "7:x"], stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    api = Control(started.stdout.readline().strip(), token="7:x")
    api.say(5, "a")
    assert len(api.waiting()) == 1
    api.close()
    started.terminate()
    started.wait(10)
    started.stdout.close()
