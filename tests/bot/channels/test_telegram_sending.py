"""Messages on their way to Telegram."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.splitting import utf16_units
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_sending import pieces_of
from domain.errors import (
    ChannelError,
    ChannelRefusedError,
    ChannelUnavailableError,
    RecipientGoneError,
)
from domain.message import Choice, Outbound
from tests.fakes.bot_api import Control

Make = Callable[..., TelegramChannel]
_CHOICES = ((Choice("submit.x", "提交"), Choice("drop.x", "取消")), (Choice("more.x", "补充"),))
_PNG = b"\x89PNG\r\n" + bytes(20)


@pytest.fixture(autouse=True)
def _known(api: Control) -> None:
    """The person has written before, else the bot may not write to them."""
    api.say(5, "在吗")


def _buttons(message: dict[str, Any]) -> list[list[tuple[str, str]]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[(button["callback_data"], button["text"]) for button in row] for row in rows]


async def test_a_message_arrives_with_its_choices(api: Control, telegram: TelegramChannel) -> None:
    """Words arrive as they are, whatever they hold, and choices as rows of buttons."""
    text = "<b>不是标记</b> & 'x' \"y\" &amp; 1 < 2\n第二行 😀"
    await telegram.send("5", Outbound(text=text, choices=_CHOICES))
    (message,) = api.sent_to(5)
    assert message["text"] == text
    assert "entities" not in message
    assert _buttons(message) == [[("submit.x", "提交"), ("drop.x", "取消")], [("more.x", "补充")]]


async def test_a_text_telegram_cannot_parse_is_sent_plain(api: Control, telegram: TelegramChannel) -> None:
    """Nobody misses an answer for its markup."""
    api.fail("sendMessage", code=400, description="Bad Request: can't parse entities: Unsupported start tag")
    await telegram.send("5", Outbound(text="1 < 2"))
    assert api.texts(5) == ["1 < 2"]
    modes = [call["parameters"].get("parse_mode") for call in api.calls("sendMessage")]
    assert modes == ["HTML", None]


async def test_a_long_message_arrives_whole_in_parts(api: Control, telegram: TelegramChannel) -> None:
    """4500 bytes and more of Chinese arrive complete; the choices hang on the last part only."""
    text = "\n".join(f"第{number}行：" + "填表😀" * 30 for number in range(80))
    await telegram.send("5", Outbound(text=text, choices=_CHOICES))
    messages = api.sent_to(5)
    assert len(messages) > 2
    assert "\n".join(message["text"] for message in messages) == text  # each part ended at the end of a line
    assert [bool(_buttons(message)) for message in messages] == [False] * (len(messages) - 1) + [True]


async def test_parts_of_nothing_but_space_are_left_out(api: Control, telegram: TelegramChannel) -> None:
    """Telegram would refuse them."""
    await telegram.send("5", Outbound(text="头" + "\n" * 9000 + "尾", choices=_CHOICES))
    assert api.texts(5) == ["头", "尾"]
    assert _buttons(api.sent_to(5)[-1])


@settings(deadline=None)  # a busy machine is no failure
@given(text=st.text(st.characters(), min_size=1, max_size=30), times=st.integers(1, 600), file=st.booleans())
def test_every_piece_is_within_the_limits(text: str, times: int, file: bool) -> None:
    """Texts of 1 to 4096 units, captions of at most 1024, choices on the last piece only."""
    whole = text * times
    if not whole.strip():
        return
    message = Outbound(text=whole, choices=_CHOICES, file_name="a.txt", file=b"x" if file else b"")
    *earlier, last = pieces_of(message)
    assert last.choices == _CHOICES
    assert all(not piece.choices and not piece.file for piece in earlier)
    for piece in (*earlier, last):
        assert utf16_units(piece.text) <= (1024 if piece.file else 4096)
        assert piece.file or piece.text.strip()


async def test_a_file_arrives_with_its_name_and_caption(api: Control, telegram: TelegramChannel) -> None:
    """A sheet is a document, byte for byte; a Chinese name survives."""
    content = bytes(range(256)) * 20
    await telegram.send("5", Outbound(text="第 40 周 <周报>", file_name="周报.xlsx", file=content, choices=_CHOICES))
    (message,) = api.sent_to(5)
    assert message["document"]["file_name"] == "周报.xlsx"
    assert message["caption"] == "第 40 周 <周报>"
    assert api.file(message) == content
    assert _buttons(message)


async def test_a_chart_arrives_as_a_picture_or_else_as_a_document(api: Control, telegram: TelegramChannel) -> None:
    """What Telegram takes for no picture is not lost."""
    await telegram.send("5", Outbound(text="", file_name="chart.png", file=_PNG))
    await telegram.send("5", Outbound(text="图", file_name="chart.png", file=b"no picture at all"))
    first, second = api.sent_to(5)
    assert "photo" in first
    assert api.file(first) == _PNG
    assert (second["document"]["file_name"], second["caption"]) == ("chart.png", "图")


async def test_a_long_text_goes_before_its_file(api: Control, telegram: TelegramChannel) -> None:
    """A caption holds 1024 units; more than that is a message of its own."""
    await telegram.send("5", Outbound(text="字" * 1025, file_name="a.csv", file=b"x"))
    first, second = api.sent_to(5)
    assert first["text"] == "字" * 1025
    assert "document" in second
    assert "caption" not in second


async def test_half_a_character_does_not_stop_a_message(api: Control, telegram: TelegramChannel) -> None:
    """A lone surrogate is replaced."""
    await telegram.send("5", Outbound(text="一\ud83d二"))
    assert api.texts(5) == ["一\ufffd二"]


# ---- failures ----


async def test_somebody_who_blocked_the_bot_or_never_wrote_is_gone(api: Control, telegram: TelegramChannel) -> None:
    """Delivering stops for them."""
    api.block(5)
    for address in ("5", "404", "nobody"):
        with pytest.raises(RecipientGoneError):
            await telegram.send(address, Outbound(text="在"))


@pytest.mark.parametrize(
    ("fault", "delay", "ambiguous"),
    [
        ({"code": 429, "retry_after": 7}, 7, False),
        ({"code": 429, "description": "Too Many Requests"}, 1, False),
        ({"code": 500, "description": "Internal Server Error: restart"}, 0, False),
        ({"code": 502, "page": "<html>Bad Gateway</html>"}, 0, True),
        ({"code": 504, "page": "[]"}, 0, True),
        ({"drop": "before"}, 0, True),
        ({"drop": "after"}, 0, True),
        ({"delay": 1.0}, 0, True),
        ({"code": 200, "page": "<html>Log in to this network</html>"}, 0, True),
    ],
)
async def test_a_failure_says_when_to_repeat_and_whether_it_may_double(
    api: Control, telegram: TelegramChannel, fault: dict[str, Any], delay: float, ambiguous: bool
) -> None:
    """Only what the Bot API itself refused, or what was never sent, is surely not delivered."""
    api.fail("sendMessage", **fault)
    with pytest.raises(ChannelUnavailableError) as caught:
        await telegram.send("5", Outbound(text="在"))
    assert (caught.value.delay, caught.value.ambiguous) == (delay, ambiguous)
    if "drop" in fault or "delay" in fault:
        assert len(api.sent_to(5)) == (0 if fault.get("drop") == "before" else 1)


async def test_no_connection_is_surely_no_delivery(make_channel: Make) -> None:
    """A connection that was never made may be tried again without doubt."""
    away = make_channel(base_url="http://127.0.0.1:9/bot")
    with pytest.raises(ChannelUnavailableError) as caught:
        await away.send("5", Outbound(text="在"))
    assert not caught.value.ambiguous


async def test_a_refused_token_and_a_refused_request_are_told_apart(
    api: Control, telegram: TelegramChannel, make_channel: Make
) -> None:
    """One is the operator's to put right, the other will never be accepted."""
    with pytest.raises(ChannelRefusedError):
        await make_channel(token="1:unknown").send("5", Outbound(text="在"))
    api.fail("sendMessage", code=400, description="Bad Request: something else")
    with pytest.raises(ChannelError) as caught:
        await telegram.send("5", Outbound(text="在"))
    assert type(caught.value) is ChannelError


async def test_an_answer_in_an_unknown_shape_is_a_yes(api: Control, telegram: TelegramChannel) -> None:
    """A newer Bot API may say yes in words the library does not know; sending again would double it."""
    api.fail("sendMessage", code=200, page='{"ok":true,"result":{"message_id":"new"}}')
    await telegram.send("5", Outbound(text="在"))


async def test_a_token_is_in_no_error(make_channel: Make, api: Control) -> None:
    """Addresses with the token in them stay out of error texts, causes included."""
    token = "987:secret-part"
    for base_url in ("http://127.0.0.1:9/bot", api.base_url):
        with pytest.raises(ChannelError) as caught:
            await make_channel(token=token, base_url=base_url).send("5", Outbound(text="在"))
        error: BaseException | None = caught.value
        assert "secret-part" not in str(error)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__


async def test_a_repeat_goes_on_behind_the_parts_that_arrived(api: Control, telegram: TelegramChannel) -> None:
    """When a later part fails, the earlier ones are not sent again with the repeat."""
    text = "甲" * 4096 + "乙" * 4096 + "丙"
    message = Outbound(text=text, choices=_CHOICES)
    api.fail("sendMessage", times=1, delay=0)  # the first part passes
    api.fail("sendMessage", times=1, code=429, retry_after=3)
    with pytest.raises(ChannelUnavailableError) as caught:
        await telegram.send("5", message)
    assert (caught.value.delay, caught.value.ambiguous) == (3, False)
    await telegram.send("5", message)
    assert [part[0] for part in api.texts(5)] == ["甲", "乙", "丙"]


async def test_another_message_after_a_broken_one_is_sent_whole(api: Control, telegram: TelegramChannel) -> None:
    """What arrived of a message that was given up does not shorten the next one, nor the same one later."""
    long = Outbound(text="甲" * 4096 + "乙")
    api.fail("sendMessage", times=1, delay=0)
    api.fail("sendMessage", times=1, drop="before")
    with pytest.raises(ChannelUnavailableError):
        await telegram.send("5", long)
    await telegram.send("5", Outbound(text="丙" * 4096 + "丁"))
    await telegram.send("5", long)
    assert [part[0] for part in api.texts(5)] == ["甲", "丙", "丁", "甲", "乙"]


async def test_one_chat_is_not_written_to_faster_than_allowed(api: Control, make_channel: Make) -> None:
    """The parts of one message are spaced too."""
    channel = make_channel(per_chat_per_second=10)
    await channel.send("5", Outbound(text="字" * 9000))
    moments = [call["at"] for call in api.calls("sendMessage")]
    assert len(moments) == 3
    assert moments[-1] - moments[0] > 0.15  # two gaps of 0.1 s, less what the way there took longer for the first
