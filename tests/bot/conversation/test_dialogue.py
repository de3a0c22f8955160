"""Whole conversations through inbox, drafts, reports and outbox on a real database."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation.dialogue import Dialogue
from domain.classification import Body, Kind
from domain.errors import ChannelUnavailableError, StorageError
from domain.message import Inbound, InboundKind, Outbound
from domain.receipt import Receipt, receipt_in
from domain.report import ReportState
from domain.role import Role
from storage.database import Database
from storage.keys import Keys
from tests.bot.conversation.small_world import ONE_REGION, PACK, World
from tests.fakes.clock import FakeClock


def texts(messages: list[Outbound]) -> list[str]:
    return [message.text for message in messages]


def labels(message: Outbound) -> list[str]:
    return [choice.label for row in message.choices for choice in row]


def receipts(messages: list[Outbound]) -> list[Receipt]:
    return [receipt for message in messages if (receipt := receipt_in(message.text)) is not None]


# ---- one report's way ----


async def test_a_report_from_the_first_word_to_its_withdrawal(world: World) -> None:
    """Region, draft, category, receipt, status, withdrawal, and what is stored after each."""
    assert texts(await world.write("/start")) == [world.say("welcome")]
    (question,) = await world.write("张某让我们投票，电话13800000000，派出所要的")
    assert question.text == world.say("ask-region")
    (card,) = await world.press("朝阳区")
    assert "〔姓名〕让我们投票，电话〔电话〕，派出所要的" in card.text
    assert "类别：投票类" in card.text
    await world.press("改类别")
    (card,) = await world.press("填表")
    assert "类别：填表类" in card.text
    (answer,) = await world.press("提交")
    (receipt,) = receipts([answer])

    (stored,) = await world.stored()
    assert stored.report is not None
    assert stored.report.text == "〔姓名〕让我们投票，电话〔电话〕，派出所要的"
    assert (stored.report.region, stored.report.week) == ("chaoyang", "2026-W40")
    assert (stored.report.categories, stored.report.corrected) == (("forms",), True)
    assert (stored.report.body, stored.report.kind, stored.report.pack) == (Body.POLICE, Kind.REPORT, "small@1")
    assert [(slip.region, slip.categories, slip.week) for slip in await world.counted()] == [
        ("chaoyang", ("forms",), "2026-W40")
    ]

    other = 8  # from another account, by receipt alone
    (status,) = await world.write(f"/status {receipt}", other)
    assert status.text == world.say("status-stored", names="填表类", week="2026-W40")
    assert texts(await world.write(f"撤回 {receipt}", other)) == [world.say("withdrawn-whole")]
    assert texts(await world.write(str(receipt), other)) == [world.say("status-withdrawn")]
    assert texts(await world.write(f"/withdraw {receipt}")) == [world.say("status-withdrawn")]
    assert [report.state for report in await world.stored()] == [ReportState.WITHDRAWN]
    assert await world.counted() == []


async def test_a_link_spares_the_question(world: World) -> None:
    """With the region of a link, a report is a message and a button; the next report is asked again."""
    await world.report()
    (stored,) = await world.stored()
    assert stored.report is not None
    assert stored.report.region == "haidian"
    assert texts(await world.write("又让填表")) == [world.say("ask-region")]


async def test_a_region_in_the_text_spares_the_question(world: World) -> None:
    """One district named in the text is taken; of two, or of a shortened name, nothing is guessed."""
    assert "地区：通州区" in (await world.write("通州区让我们投票"))[0].text
    await world.write("取消")
    assert (await world.write("从朝阳区到通州区都让投票"))[0].text == world.say("ask-region")
    await world.write("取消")
    assert (await world.write("朝阳小学让投票"))[0].text == world.say("ask-region")


async def test_text_beside_a_draft_is_added_and_can_be_split_off(world: World) -> None:
    """Supplement, 另起一条, and two receipts for two reports, each with its own masked places."""
    await world.write("/start haidian")
    await world.write("张某让投票")
    (prompt,) = await world.press("补充")
    assert prompt.text == world.say("supplement-prompt")
    (card,) = await world.write("还要填表，找13800000000")
    assert "〔姓名〕让投票\n还要填表，找〔电话〕" in card.text
    assert world.say("draft-masked", count=2) in card.text
    assert "类别：投票类；填表类" in card.text
    (card,) = await world.press("另起一条")
    assert "填表" not in card.text
    assert world.say("draft-masked", count=1) in card.text
    first, card = await world.press("提交")
    assert "还要填表，找〔电话〕" in card.text
    assert world.say("draft-masked", count=1) in card.text
    await world.write("老师们都很累")
    await world.press("另起一条")
    second, card = await world.press("提交")
    assert "老师们都很累" in card.text  # split off by hand, it is a report whatever it reads like
    assert world.say("draft-unsure") in card.text
    await world.press("取消")
    assert len(set(receipts([first, second]))) == 2
    assert sorted(report.report.text for report in await world.stored() if report.report) == [
        "〔姓名〕让投票",
        "还要填表，找〔电话〕",
    ]


async def test_a_message_that_is_no_report_is_not_kept(world: World) -> None:
    """Nothing is stored for chat; 仍作为反映提交 and a category make it a report of its kind."""
    await world.write("/start haidian")
    (answer,) = await world.write("老师们好累")
    assert answer.text == world.say("answer-chat")
    assert await world.stored() == []
    await world.press("仍作为反映提交")
    await world.press("改类别")
    await world.press("站岗")
    assert receipts(await world.press("提交"))
    (stored,) = await world.stored()
    assert stored.report is not None
    assert (stored.report.kind, stored.report.categories, stored.report.corrected) == (Kind.CHAT, ("duty",), True)


async def test_the_conversation_speaks_english(database: Database, keys: Keys, clock: FakeClock) -> None:
    """The same course in English has no Chinese sentence in it, but for the words of the policy pack."""
    world = World(database=database, keys=keys, clock=clock, language="en", tree=ONE_REGION)
    for text in ("/start", "/help", "/privacy", "投票", "1", "/status", "7", "/nothing"):
        await world.write(text)
    said = "".join(texts(world.channel.to(7)))
    own = "".join(word for entry in PACK.categories for word in (entry.name, entry.right, entry.short, entry.describes))
    own += "".join(clause.text + clause.place for clause in PACK.clauses) + "本地区投票"
    assert not set(re.findall(r"[\u4e00-\u9fff]", said)) - set(own)
    assert "Receipt: " in said


# ---- odd things ----


@pytest.mark.parametrize(
    "text", ["", " \n", "\u200b", "😀", "呀", "1", "99", "0", "/", "／帮助我", "/vote", "x" * 201, "遮不住"]
)
async def test_odd_texts_get_one_answer_and_leave_nothing(world: World, text: str) -> None:
    """Empty, emoji, one character, a lone number, unknown commands, too long, impossible to mask: one answer each."""
    assert len(await world.write(text)) == 1
    assert await world.stored() == []


async def test_too_long_and_unmaskable_texts_are_named(world: World) -> None:
    """The limit is said; it holds for a draft with all that waits behind it."""
    assert texts(await world.write("投票" * 101)) == [world.say("error-too-long", limit=200)]
    assert texts(await world.write("遮不住")) == [world.say("error-masking-refused")]
    await world.write("/start haidian")
    await world.write("投票" * 50)
    await world.write("填表" * 25)
    await world.press("另起一条")
    assert texts(await world.write("站岗" * 40)) == [world.say("error-too-long", limit=200)]
    assert "站岗" not in (await world.press("补充"))[0].text
    assert labels((await world.press("返回"))[0]) == ["提交", "改类别", "补充", "取消"]


async def test_pictures_are_declined_and_their_words_are_taken(world: World) -> None:
    """A sticker is declined; the caption of a picture is a text or a command."""
    assert texts(await world.do(InboundKind.UNSUPPORTED)) == [world.say("unsupported")]
    assert texts(await world.do(InboundKind.UNSUPPORTED, text="又让投票")) == [
        world.say("unsupported"),
        world.say("ask-region"),
    ]
    assert texts(await world.do(InboundKind.UNSUPPORTED, text="／取消")) == [
        world.say("unsupported"),
        world.say("cancelled"),
    ]


async def test_an_edited_message_changes_nothing(world: World) -> None:
    """The draft stays as it is and the person is told to send the text again."""
    await world.write("/start haidian")
    await world.write("又让投票")
    assert texts(await world.do(InboundKind.EDITED, text="又让填表")) == [world.say("edited")]
    await world.press("提交")
    assert [report.report.text for report in await world.stored() if report.report] == ["又让投票"]


async def test_groups_hear_once_an_hour_that_we_talk_in_private(world: World) -> None:
    """Nothing said in a group is read, and the group is not flooded."""
    said = [await world.do(InboundKind.ELSEWHERE, text=f"又让投票{number}") for number in range(3)]
    world.clock.advance(timedelta(hours=1))
    said.append(await world.do(InboundKind.ELSEWHERE, text="又让投票"))
    assert [texts(messages) for messages in said] == [[world.say("private-only")], [], [], [world.say("private-only")]]


async def test_who_blocks_us_leaves_nothing_behind(world: World) -> None:
    """The draft is dropped and nothing is sent; afterwards everything begins anew."""
    await world.write("/start haidian")
    await world.write("又让投票")
    assert await world.do(InboundKind.BLOCKED) == []
    assert texts(await world.press("提交")) == [world.say("stale-button")]


async def test_commands_of_the_platform_are_the_same_as_typed_ones(world: World) -> None:
    """A command event with its text, or from a menu without any, is read like the typed one."""
    assert texts(await world.do(InboundKind.COMMAND, command="start", text="/start chaoyang"))[1:] == [
        world.say("start-region", region="朝阳区")
    ]
    assert texts(await world.do(InboundKind.COMMAND, command="help")) == [world.say("help-reporter")]
    assert texts(await world.do(InboundKind.COMMAND, command="vote", text="/vote x")) == [world.say("unknown-command")]


async def test_a_receipt_with_typos_is_told_from_an_unknown_one(world: World) -> None:
    """A slip of the finger is named; a well-formed stranger and any other words are not found."""
    receipt = await world.report()
    while sum(symbol.isdigit() for symbol in receipt.code) < 2:  # words are told from receipts by their digits
        receipt = await world.report()
    typo = str(receipt).replace(receipt.code[3], "O", 1)
    stranger = str(Receipt.issue([5] * 18))
    assert texts(await world.write(typo)) == [world.say("error-receipt-typo")]
    assert texts(await world.write(f"/status {typo}")) == [world.say("error-receipt-typo")]
    assert texts(await world.write(f"/withdraw {stranger}")) == [world.say("error-unknown-receipt")]
    assert texts(await world.write("/status 上次那条")) == [world.say("error-unknown-receipt")]
    assert texts(await world.write(f"/status 回执号：{receipt}")) == texts(await world.write(f"回执号：{receipt}"))


async def test_a_draft_lives_for_a_day(world: World) -> None:
    """After 24 hours its buttons are stale and a text begins a new draft."""
    await world.write("/start haidian")
    await world.write("又让投票")
    world.clock.advance(timedelta(hours=23, minutes=59))
    assert labels((await world.write("/start"))[-1]) == ["提交", "改类别", "补充", "取消"]
    world.clock.advance(timedelta(hours=24))
    assert texts(await world.press("提交")) == [world.say("stale-button")]
    assert texts(await world.write("又让投票")) == [world.say("ask-region")]


async def test_an_update_of_the_pack_reads_the_draft_again(world: World) -> None:
    """After a restart with a newer pack, 提交 shows the new reading first; the report keeps the new version."""
    await world.write("/start haidian")
    await world.write("又让投票")
    newer = world.restarted(pack=replace(PACK, version="2"))
    renewed, card = await newer.press("提交")
    assert renewed.text == world.say("draft-renewed")
    assert "又让投票" in card.text
    await newer.press("提交")
    assert [report.report.pack for report in await newer.stored() if report.report] == ["small@2"]


async def test_a_draft_that_cannot_be_read_is_forgotten(world: World) -> None:
    """What another version stored as a draft does not stop the person from writing."""
    async with world.database.transaction() as tx:
        await world.drafts.save(tx, "telegram:7", b'{"step": "Flying"}', now=world.clock())
    assert texts(await world.write("又让投票")) == [world.say("ask-region")]
    assert await world.dialogue.close("telegram:7")


async def test_leaving_drops_an_open_draft_only(world: World) -> None:
    """At the end of the terminal's input an open draft is dropped; a mere answer was nothing open."""
    assert not await world.dialogue.close("telegram:7")
    await world.write("老师们好")
    assert not await world.dialogue.close("telegram:7")
    await world.write("/start haidian")
    await world.write("又让投票")
    assert await world.dialogue.close("telegram:7")
    assert texts(await world.press("提交")) == [world.say("stale-button")]


# ---- staff ----


async def test_staff_join_once_and_ask(world: World) -> None:
    """An invitation opens statistics and digest to one account, once; a plain text stays a report."""
    code = await world.subscribing.invite(Role.SUPERVISOR, "haidian", now=world.clock())
    assert texts(await world.write("/stats 上周")) == [world.say("staff-only")]
    assert texts(await world.write("/digest")) == [world.say("staff-only")]
    assert texts(await world.write("/join")) == [world.say("join-usage")]
    assert texts(await world.write(f"／join　{code.lower()}")) == [world.say("joined-supervisor", region="海淀区")]
    assert texts(await world.write(f"/join {code}", 8)) == [world.say("error-invitation")]
    assert texts(await world.write("/stats 上周")) == ["上周：5–9 个账号"]
    assert texts(await world.write("/stats")) == [world.say("stats-usage")]
    assert texts(await world.write("/stats 昨天")) == [world.say("error-query", words="昨天")]
    assert texts(await world.write("/digest")) == [world.say("no-digest")]
    assert texts(await world.write("/help")) == [world.say("help-staff")]
    assert world.say("privacy-staff") in texts(await world.write("/privacy"))[0]
    assert texts(await world.write("又让投票")) == [world.say("ask-region")]


async def test_an_administrator_joins_for_the_whole_tree(world: World) -> None:
    """Without a region an invitation is for the root."""
    code = await world.subscribing.invite(Role.ADMINISTRATOR, None, now=world.clock())
    assert texts(await world.write(f"加入 {code}")) == [world.say("joined-administrator")]
    assert texts(await world.write("周报")) == ["全市周报"]


# ---- limits ----


async def test_who_writes_too_fast_is_told_once(database: Database, keys: Keys, clock: FakeClock) -> None:
    """Beyond the pace messages are not taken, which is said once a minute; others are not slowed."""
    world = World(database=database, keys=keys, clock=clock, messages_per_minute=3)
    said = [texts(await world.write("/help")) for _ in range(6)]
    assert said == [[world.say("help-reporter")]] * 3 + [[world.say("error-too-many")], [], []]
    assert texts(await world.write("/help", 8)) == [world.say("help-reporter")]
    clock.advance(timedelta(minutes=1))
    assert texts(await world.write("/help")) == [world.say("help-reporter")]


async def test_the_days_reports_are_limited_and_the_draft_waits(
    database: Database, keys: Keys, clock: FakeClock
) -> None:
    """Over the limit the draft stays open with its buttons, and can be submitted later."""
    world = World(database=database, keys=keys, clock=clock, reports_per_day=1)
    await world.report()
    clock.advance(timedelta(hours=12))
    await world.write("/start haidian")
    await world.write("又让填表")
    refused, card = await world.press("提交")
    assert refused.text == world.say("error-too-many-reports")
    clock.advance(timedelta(hours=12))
    assert labels(card)[0] == "提交"
    assert receipts(await world.press("提交"))


# ---- nothing lost, nothing doubled ----


async def test_the_same_update_is_handled_once(world: World) -> None:
    """Delivered again by the platform, at once, later or after a restart, an update does nothing."""
    await world.write("/start haidian")
    await world.write("又让投票")
    submit = world.channel.pressed(7, "提交")
    await world.take(submit, submit)
    await world.take(submit)
    again = world.restarted()
    assert await again.receiving.resume() == 0
    await again.take(submit)
    assert len(receipts(world.channel.to(7))) == 1
    assert len(await world.stored()) == 1
    assert len(await world.counted()) == 1


async def test_pressing_twice_submits_once(world: World) -> None:
    """Two presses of 提交 that arrive together make one report; the second is told that the button was used."""
    await world.write("/start haidian")
    await world.write("又让投票")
    presses = [world.channel.pressed(7, "提交"), world.channel.pressed(7, "提交")]
    before = len(world.channel.to(7))
    await world.take(*presses)
    assert len(receipts(world.channel.to(7)[before:])) == 1
    assert texts(world.channel.to(7)[before:])[1:] == [world.say("stale-button")]
    assert len(await world.stored()) == 1


class Failing:
    """Hands events on, but fails with StorageError before or after as often as asked."""

    def __init__(self, dialogue: Dialogue, failures: int) -> None:
        self._dialogue = dialogue
        self.failures = failures

    async def handle(self, id_: bytes, inbound: Inbound) -> None:
        """Fail, or hand on."""
        if self.failures:
            self.failures -= 1
            raise StorageError
        await self._dialogue.handle(id_, inbound)


@pytest.mark.parametrize("killed_at", range(4))
async def test_a_kill_between_any_two_steps_loses_nothing(world: World, killed_at: int) -> None:
    """The service dies before one of the events is handled; after the restart the same conversation goes on."""
    course = ["/start haidian", "又让投票", "还有填表", "1"]
    for number, text in enumerate(course):
        if number != killed_at:
            await world.write(text)
            continue
        world.receiving.handle_with(Failing(world.dialogue, 1000).handle)
        await world.receiving.receive([world.channel.wrote(7, text)])
        await asyncio.sleep(0.01)
        await world.receiving.stop(grace=0)
        world = world.restarted()
        assert await world.receiving.resume() == 1
        await world.settle()
    assert len(receipts(world.channel.to(7))) == 1
    assert [report.report.text for report in await world.stored() if report.report] == ["又让投票\n还有填表"]


async def test_a_kill_after_storing_still_sends_the_receipt(world: World) -> None:
    """The report is stored and the receipt not yet sent when the service dies: it is sent after the restart, once."""
    await world.write("/start haidian")
    await world.write("又让投票")
    await world.receiving.receive([world.channel.pressed(7, "提交")])
    await world.receiving.idle()
    assert receipts(world.channel.to(7)) == []
    again = world.restarted()
    assert await again.receiving.resume() == 0
    await again.settle()
    (receipt,) = receipts(again.channel.to(7))
    assert texts(await again.write(str(receipt))) == [world.say("status-stored", names="投票类", week="2026-W40")]


async def test_a_receipt_is_sent_until_it_arrived(world: World) -> None:
    """Whether the platform is down or nobody knows if it arrived, the same receipt is sent again."""
    await world.write("/start haidian")
    await world.write("又让投票")
    world.channel.failing.extend([ChannelUnavailableError(delay=1), ChannelUnavailableError(ambiguous=True)])
    await world.press("提交")
    for _ in range(3):
        world.clock.advance(timedelta(seconds=10))
        await world.settle()
    assert len(receipts(world.channel.to(7))) == 2
    assert len(set(receipts(world.channel.to(7)))) == 1


class Broken(Dialogue):
    """Fails where nobody foresaw it, with a report's words in the exception."""

    async def _run(self, id_: bytes, inbound: Inbound) -> None:  # noqa: ARG002  as in the class above it
        raise RuntimeError(inbound.text)


async def test_an_unforeseen_failure_is_answered_and_logged_without_words(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The person hears that it did not work; the log has the kind of failure and none of the words; others go on."""
    world.dialogue.__class__ = Broken
    with caplog.at_level("DEBUG"):
        answers = await world.write("又让投票13800000000")
    assert texts(answers) == [world.say("error-generic")]
    assert "handling-failed" in caplog.text
    assert "又让投票" not in caplog.text
    world.dialogue.__class__ = Dialogue
    assert texts(await world.write("又让投票")) == [world.say("ask-region")]


async def test_courtesies_may_fail(world: World) -> None:
    """A button is acknowledged and taken away; when the platform fails at that, the answer comes all the same."""
    await world.write("又让投票")
    world.channel.unkind.extend([ChannelUnavailableError(), ChannelUnavailableError()])
    (card,) = await world.press("海淀区")
    assert labels(card)
    assert (len(world.channel.acknowledged), len(world.channel.settled)) == (1, 1)


# ---- order, many people, silence ----


async def test_one_persons_messages_are_handled_in_order(world: World) -> None:
    """A batch in any order ends as if the messages had come one by one."""
    updates = [world.channel.wrote(7, text) for text in ("/start haidian", "第一投票", "第二填表", "第三站岗", "1")]
    await world.take(*reversed(updates))
    assert [report.report.text for report in await world.stored() if report.report] == ["第一投票\n第二填表\n第三站岗"]


async def test_many_people_at_once(world: World) -> None:
    """Twenty people with four messages each, mixed together: twenty receipts and reports, nobody gets another's."""
    people = range(100, 120)
    courses = {person: ["/start haidian", f"第{person}位说投票", f"第{person}位说填表", "1"] for person in people}
    for number in range(4):
        await world.receiving.receive([world.channel.wrote(person, courses[person][number]) for person in people])
    await world.settle()
    await world.settle()
    assert all(len(receipts(world.channel.to(person))) == 1 for person in people)
    for person in people:
        said = "".join(texts(world.channel.to(person)))
        assert set(re.findall(r"第(\d+)位", said)) == {str(person)}
    stored = {report.report.text for report in await world.stored() if report.report}
    assert stored == {f"第{person}位说投票\n第{person}位说填表" for person in people}
    assert len({slip.person for slip in await world.counted()}) == 20


async def test_a_slow_person_holds_up_nobody(world: World) -> None:
    """While the events of one person fail, another is answered."""
    failing = Failing(world.dialogue, 1000)

    async def handle(id_: bytes, inbound: Inbound) -> None:
        await (failing.handle if inbound.address == "7" else world.dialogue.handle)(id_, inbound)

    world.receiving.handle_with(handle)
    await world.receiving.receive([world.channel.wrote(7, "/help"), world.channel.wrote(8, "/help")])
    for _ in range(50):
        await asyncio.sleep(0.01)
        await world.delivering.send_due()
        if world.channel.to(8):
            break
    await world.receiving.stop(grace=0)
    assert (len(world.channel.to(7)), len(world.channel.to(8))) == (0, 1)


async def test_the_answer_to_a_submission_does_not_depend_on_counting(world: World) -> None:
    """The hundredth report of one account that week is answered in the words of the first."""
    said = set()
    for number in range(6):
        text = ("投票", "填表", "站岗", "打卡", "投票", "填表")[number]
        await world.write("/start haidian" if number % 2 else "/start chaoyang")
        await world.write(f"又让{text}")
        (answer,) = await world.press("提交")
        said.add(re.sub(rf"{receipts([answer])[0]}|您可以不..。", "…", answer.text))
    assert len(said) == 1


def at_rest(folder: Path) -> bytes:
    """Return every byte of the database's files."""
    return b"".join(file.read_bytes() for file in folder.glob("jianfu.sqlite*"))


def rows_at_rest(folder: Path) -> bytes:
    """Return every value of the tables that hold what people wrote."""
    with sqlite3.connect(folder / "jianfu.sqlite") as connection:
        tables = ("inbox", "drafts", "reports", "slips", "outbox")
        rows = [row for table in tables for row in connection.execute(f"select * from {table}")]  # noqa: S608
    connection.close()
    return b"|".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)


async def test_nothing_raw_is_at_rest(world: World, tmp_path: Path) -> None:
    """With a draft open and a report stored, no file of the database holds a word, an account or a receipt."""
    receipt = await world.report("张某让投票标记甲", 424242)
    await world.write("/start haidian", 424242)
    await world.write("又让填表标记乙13800000000", 424242)
    await world.receiving.receive([world.channel.wrote(424243, "还没处理的标记丙")])
    held, rows = at_rest(tmp_path), rows_at_rest(tmp_path)
    await world.settle()
    for mark in ("张某", "标记", "13800000000", "424242", "424243", "telegram:", receipt.code, str(receipt)):
        assert mark.encode() not in held
    assert len(rows) > 1000
    for mark in ("haidian", "voting", "W40"):
        assert mark.encode() not in rows.replace(b"2026-W37..W40", b"")  # a slip's block is no secret


async def test_a_button_belongs_to_one_person(world: World) -> None:
    """A button of one person does nothing in another's conversation."""
    await world.write("/start haidian", 7)
    await world.write("又让投票", 7)
    await world.write("/start haidian", 8)
    await world.write("又让填表", 8)
    (choice,) = [choice for row in world.channel.to(7)[-1].choices for choice in row if choice.label == "提交"]
    assert texts(await world.do(InboundKind.CHOICE, 8, choice=choice.id)) == [world.say("stale-button")]
    assert await world.stored() == []


async def test_released_numbers_wait_for_the_gate_before_a_supervisor_asks_for_them(world: World) -> None:
    """Nothing ungated reaches a supervisor, pushed or asked for; an administrator may ask."""
    closed = replace(world, open_to_supervisors=False)
    await closed.write(f"/join {await closed.subscribing.invite(Role.SUPERVISOR, 'haidian', now=closed.clock())}")
    assert texts(await closed.write("/digest")) == [world.say("not-open-yet")]
    assert texts(await closed.write("/stats 上周")) == [world.say("not-open-yet")]
    await closed.write(f"/join {await closed.subscribing.invite(Role.ADMINISTRATOR, None, now=closed.clock())}")
    assert texts(await closed.write("/digest")) == ["全市周报"]
