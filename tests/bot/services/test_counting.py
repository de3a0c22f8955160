"""Statistics and digests are views on released rows and on nothing else."""

from __future__ import annotations

import pytest

from bot.services.counting import Counting
from domain.errors import QueryError
from domain.lattice import ALL, Node
from domain.report import Source
from domain.week import Week
from storage.database import Database
from storage.keys import Keys
from tests.bot.services.week_examples import W40, City, at, release_of
from tests.fakes.clock import FakeClock

NOW = at("2026-10-14 09:00")  # Wednesday of W42; W39 to W41 are released
WEEKS = {
    "2026-W39": {Node("city", ALL): 12, Node("haidian", "street_duty"): 6},
    "2026-W40": {Node("city", ALL): 23, Node("city", "street_duty"): 12, Node("haidian", ALL): 7},
    "2026-W41": {
        Node("city", ALL): 31,
        Node("city", "street_duty"): 14,
        Node("city", "social_affairs"): 15,
        Node("city", body="police"): 8,
        Node("haidian", ALL): 9,
        Node("haidian", "street_duty"): 11,
        Node("chaoyang", "street_duty"): 5,
    },
}
NOTE = "数字是不同账号的个数，按区间显示；「未显示」不等于没有。"
HIDDEN = "未显示：不足 5 个账号、没有，或者为防推算而不列。"


@pytest.fixture
async def city(database: Database, keys: Keys, clock: FakeClock) -> City:
    made = City(database, keys, clock)
    for period, bands in WEEKS.items():
        await made.publish(release_of(period, bands), release_of(period, {}, source=Source.IMPORT))
    return made


async def ask(city: City, question: str) -> list[str]:
    async with city.database.reading() as tx:
        answer = await city.counting.answer(tx, question, now=NOW)
    return answer.splitlines()


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        (
            "上周",
            [
                "2026-W41 · 京州市 · 全部类别",
                "全部类别：30–34 个账号",
                "各大类：",
                "· 社会事务进校园：15–19 个账号",
                "各类别：",
                "· 站马路：10–14 个账号",
                "各区：",
                "· 海淀区：5–9 个账号",
            ],
        ),
        ("2026-W41 海淀 站马路", ["2026-W41 · 海淀区 · 站马路", "站马路：10–14 个账号"]),
        (
            "last week haidian",
            ["2026-W41 · 海淀区 · 全部类别", "全部类别：5–9 个账号", "各类别：", "· 站马路：10–14 个账号"],
        ),
        ("海淀 站马路 最近三周", ["2026-W39..W41 · 海淀区 · 站马路", "站马路：15–23 个账号·周（2/3 周有显示）"]),
        (
            "站马路",
            [
                "2026-W41 · 京州市 · 站马路",
                "站马路：10–14 个账号",
                "各区：",
                "· 海淀区：10–14 个账号",
                "· 朝阳区：5–9 个账号",
            ],
        ),
        (
            "社会事务进校园",
            [
                "2026-W41 · 京州市 · 社会事务进校园",
                "社会事务进校园：15–19 个账号",
                "各类别：",
                "· 站马路：10–14 个账号",
            ],
        ),
        ("公安部门", ["2026-W41 · 京州市 · 公安部门", "公安部门：5–9 个账号"]),
        ("上月", ["2026-W39 · 京州市 · 全部类别", "全部类别：10–14 个账号"]),
        ("本学期 公安部门", ["2026-W39..W41 · 京州市 · 公安部门", "公安部门：5–9 个账号·周（1/3 周有显示）"]),
        ("西城", ["2026-W41 · 西城区 · 全部类别", HIDDEN]),
        ("西城 投票", ["2026-W41 · 西城区 · 投票点赞", HIDDEN]),
        ("延庆", ["2026-W41 · 延庆区 · 全部类别", HIDDEN]),
        ("海淀 公安", ["2026-W41 · 海淀区 · 公安部门", HIDDEN]),
        ("报表填写", ["2026-W41 · 京州市 · 报表填写", HIDDEN]),
    ],
)
async def test_questions_are_answered_from_released_rows(city: City, question: str, lines: list[str]) -> None:
    """What is asked and hidden, impossible or unknown to the lattice gets the same sentence."""
    assert await ask(city, question) == [*lines, "", NOTE]


async def test_several_regions_are_answered_one_after_the_other(city: City) -> None:
    lines = await ask(city, "海淀、朝阳 站马路")
    assert [line for line in lines if line.startswith("2026")] == [
        "2026-W41 · 海淀区 · 站马路",
        "2026-W41 · 朝阳区 · 站马路",
    ]


async def test_letters_stand_apart_once_any_were_released(city: City) -> None:
    """Numbers of the two sources are never added, and each part has its own hidden sentence."""
    await city.publish(
        release_of("2026-W42", {Node("city", ALL): 11}),
        release_of("2026-W42", {Node("city", "exam_duty"): 6}, source=Source.IMPORT),
    )
    assert await ask(city, "W42") == [
        "2026-W42 · 京州市 · 全部类别",
        "聊天反映",
        "全部类别：10–14 个账号",
        "来信来电（按来信人计）",
        HIDDEN,
        "各类别：",
        "· 社会考试：5–9 个账号",
        "",
        NOTE,
    ]


@pytest.mark.parametrize(
    ("question", "period"), [("本周", "2026-W42"), ("2026-W50", "2026-W50"), ("去年", "2025-W01..W52")]
)
async def test_what_is_not_released_is_said_with_the_latest_week(city: City, question: str, period: str) -> None:
    assert await ask(city, question) == [f"{period} 还没有发布。已发布的最近一周是 2026-W41。"]


async def test_before_the_first_release_every_question_has_the_same_answer(
    database: Database, keys: Keys, clock: FakeClock
) -> None:
    empty = City(database, keys, clock)
    assert await ask(empty, "上周 海淀") == await ask(empty, "站马路") == ["还没有发布过任何一周的数字。"]


@pytest.mark.parametrize(
    ("question", "key", "arguments"),
    [
        ("海淀 月亮", "error-query", {"words": "月亮"}),
        ("W60", "error-query", {"words": "w60"}),
        ("台账", "stats-ambiguous", {"word": "台账", "choices": "重复填表、写材料"}),
        ("很" * 100, "error-query", {"words": "很" * 20}),
        ("很" * 300, "error-query", {"words": "很" * 20}),
        ("海淀 朝阳 西城 东城 丰台 通州 房山", "error-query", {"words": "海淀 朝阳 西城 东城 丰台 通州 房山"}),
    ],
)
async def test_what_cannot_be_understood_is_named(
    city: City, question: str, key: str, arguments: dict[str, str]
) -> None:
    with pytest.raises(QueryError) as error:
        await ask(city, question)
    assert (error.value.key, error.value.arguments) == (key, arguments)
    assert city.wording.say(error.value.key, error.value.arguments)


async def test_unreleased_reports_change_no_answer(city: City) -> None:
    """Answers and digests before and after reports of the open week are the same, word for word."""
    questions = ("上周", "海淀", "最近", "站马路", "本周")

    async def everything() -> list[object]:
        answers: list[object] = [await ask(city, question) for question in questions]
        async with city.database.reading() as tx:
            answers.append(await city.counting.latest_digest(tx, "haidian"))
        return answers

    before = await everything()
    await city.submit_many(9)
    assert await everything() == before


async def test_the_latest_digest_is_of_the_last_released_week(city: City) -> None:
    async with city.database.reading() as tx:
        text = await city.counting.latest_digest(tx, "haidian")
    assert text is not None
    assert text.startswith("减负哨周报 · 海淀区 · 2026-W41")


async def test_there_is_no_digest_before_the_first_release(database: Database, keys: Keys, clock: FakeClock) -> None:
    empty = City(database, keys, clock)
    async with database.reading() as tx:
        assert await empty.counting.latest_digest(tx, "haidian") is None
        with pytest.raises(QueryError) as error:
            await empty.counting.digest(tx, W40, "haidian")
    assert error.value.key == "stats-none-released"


async def test_a_digest_of_a_week_that_is_not_released_is_refused(city: City) -> None:
    async with city.database.reading() as tx:
        with pytest.raises(QueryError) as error:
            await city.counting.digest(tx, Week(2026, 42), "haidian")
    assert error.value.key == "stats-not-released"
    assert error.value.arguments == {"period": "2026-W42", "latest": "2026-W41"}


def test_counting_is_given_no_way_to_a_report() -> None:
    """Its constructor takes released rows and words, no reports, slips or keys."""
    taken = set(Counting.__init__.__annotations__) - {"return"}
    assert taken == {"releases", "pack", "tree", "terms", "wording", "zone"}
