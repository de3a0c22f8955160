"""Letters and calls are taken in line by line, masked, each once, each whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.services.importing import Imported, Importing
from bot.services.reporting import Examiner
from domain.classification import Body, Classification, Kind, Label
from domain.errors import MaskingRefusedError, ServiceError
from domain.lattice import ALL
from domain.masked_text import MaskedText, PersonalData, PersonalDataSpan
from domain.report import Report, Source
from domain.week import Week
from storage.database import Database
from storage.keys import Keys
from tests.bot.services.week_examples import PACK, TREE, W40, City, at
from tests.fakes.clock import FakeClock

LONGEST = 4000


class NameMasker:
    """Masks one name, and refuses a text with a sign it does not trust."""

    def mask(self, text: str, *, placeholders_kept: bool = False) -> MaskedText:  # noqa: ARG002  as the real one
        """Return the text without the name."""
        if "※" in text:
            raise MaskingRefusedError
        place = text.find("王小明")
        if place < 0:
            return MaskedText(text, ())
        return MaskedText(
            text.replace("王小明", "〔姓名〕"), (PersonalDataSpan(place, place + 3, PersonalData.PERSON),)
        )


class WordClassifier:
    """Reads 执勤 as street duty and everything else as chat."""

    def classify(self, text: str) -> Classification:
        """Return the reading of a masked text."""
        assert "王小明" not in text
        is_report = "执勤" in text
        return Classification(
            kind=Kind.REPORT if is_report else Kind.CHAT,
            labels=(Label("street_duty", 0.9, (), ()),) if is_report else (),
            candidates=("street_duty", "exam_duty", "duplicate_forms"),
            body=Body.POLICE if is_report else None,
            confidence=0.9,
            sure=True,
            pack=PACK.name,
        )


@pytest.fixture
def city(database: Database, keys: Keys, clock: FakeClock) -> City:
    clock.now = at("2026-10-02 10:00")  # Friday of W40
    return City(database, keys, clock)


def importing(city: City) -> Importing:
    return Importing(
        city.database,
        examiner=Examiner(NameMasker(), WordClassifier(), longest=LONGEST),
        reporting=city.reporting,
        releases=city.releases,
        imports=city.imports,
        pack=PACK,
        tree=TREE,
        rules=city.period_rules,
        clock=city.clock,
    )


def letter(**fields: object) -> dict[str, object]:
    return {"text": "又让我们上街执勤", "region": "haidian", "received_on": "2026-10-01", **fields}


def json_file(folder: Path, *lines: object, name: str = "letters.jsonl") -> Path:
    file = folder / name
    written = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    file.write_text("".join(f"{line}\n" for line in written), encoding="utf-8")
    return file


async def take_in(city: City, file: Path) -> Imported:
    return await importing(city).import_file(file)


async def stored(city: City) -> list[Report]:
    async with city.database.reading() as tx:
        return [one.report for one in await city.reports.all(tx) if one.report is not None]


def outcome(result: Imported) -> tuple[int, int, list[int]]:
    return result.stored, result.duplicate, [refusal.line for refusal in result.refused]


# ---- what is stored ----


async def test_a_letter_becomes_a_masked_report_of_the_source_import(city: City, tmp_path: Path) -> None:
    result = await take_in(city, json_file(tmp_path, letter(text="王小明被叫去执勤")))
    assert outcome(result) == (1, 0, [])
    (report,) = await stored(city)
    assert report.text == "〔姓名〕被叫去执勤"
    assert (report.region, report.categories, report.body) == ("haidian", ("street_duty",), Body.POLICE)
    assert (report.source, report.week, report.corrected) == (Source.IMPORT, "2026-W40", False)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": ""}, "The text is missing."),
        ({"text": None}, "The text is missing."),
        ({"text": "执" * 20_000}, "The text is longer than 4000 characters."),
        ({"text": "※ 执勤"}, "The text could not be masked for certain; take names and numbers out."),
        ({"text": "今天天气真好"}, "It reads as chat, not as a report; with a category it is taken in."),
        ({"text": "执勤\u0000"}, "The line holds bytes that are no text; save the file as UTF-8 or GB18030."),
        ({"text": "执勤\ud800"}, "The line holds bytes that are no text; save the file as UTF-8 or GB18030."),
        ({"region": "atlantis"}, "The region is unknown or not unique; give the id of a region without others in it."),
        ({"region": ""}, "The region is unknown or not unique; give the id of a region without others in it."),
        ({"region": "city"}, "The region is unknown or not unique; give the id of a region without others in it."),
        ({"region": ["haidian"]}, "The field region is no word."),
        ({"received_on": "2026-02-30"}, "The date received_on is missing or no day such as 2026-10-01."),
        ({"received_on": "yesterday"}, "The date received_on is missing or no day such as 2026-10-01."),
        ({"received_on": None}, "The date received_on is missing or no day such as 2026-10-01."),
        ({"received_on": 20261001}, "The date received_on is missing or no day such as 2026-10-01."),
        ({"category": "voodoo"}, "The category is unknown; give the id of a category of the policy pack."),
        ({"reporter": True}, "The field reporter is no word."),
    ],
)
async def test_a_line_that_cannot_be_taken_in_is_refused_in_one_sentence(
    city: City, tmp_path: Path, fields: dict[str, object], reason: str
) -> None:
    """The good lines around it are stored, and nothing of the bad one is: it can be put right and given again."""
    file = tmp_path / "letters.jsonl"
    lines = [json.dumps(one) for one in (letter(id="a"), letter(id="b", **fields), letter(id="c"))]
    file.write_text("\n".join(lines), encoding="utf-8")
    result = await take_in(city, file)
    assert outcome(result) == (2, 0, [2])
    assert result.refused[0].reason == reason
    corrected = await take_in(city, json_file(tmp_path, letter(id="b")))
    assert outcome(corrected) == (1, 0, [])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "The line is empty."),
        ("{", "The line is no JSON."),
        ("[" * 100_000, "The line is no JSON."),
        ('{"text": ' + "9" * 5000 + "}", "The line is no JSON."),
        ("[1]", "The line is no JSON object with text, region and received_on."),
        ("x" * 600_000, "The line is too long."),
    ],
)
async def test_a_line_that_is_no_letter_is_refused(city: City, tmp_path: Path, line: str, reason: str) -> None:
    result = await take_in(city, json_file(tmp_path, letter(), line, letter()))
    assert outcome(result) == (2, 0, [2])
    assert result.refused[0].reason == reason


async def test_a_category_takes_in_what_does_not_read_as_a_report(city: City, tmp_path: Path) -> None:
    """By id, name or short name; the report says that a person chose it."""
    lines = [letter(text="今天天气真好", category=name) for name in ("exam_duty", "社会考试", "社会考试考务摊派")]
    assert outcome(await take_in(city, json_file(tmp_path, *lines))) == (3, 0, [])
    assert {(report.categories, report.corrected) for report in await stored(city)} == {(("exam_duty",), True)}


@pytest.mark.parametrize("region", ["haidian", "海淀区", "海淀", "ＨＡＩＤＩＡＮ"])
async def test_a_region_is_an_id_or_a_unique_name(city: City, tmp_path: Path, region: str) -> None:
    await take_in(city, json_file(tmp_path, letter(region=region)))
    assert [report.region for report in await stored(city)] == ["haidian"]


# ---- the week it counts in ----


@pytest.mark.parametrize(
    ("received_on", "week"),
    [
        ("2026-10-01", "2026-W40"),
        ("2026-09-02", "2026-W36"),  # closed, but nothing of this store was released yet
        ("2026-10-20", "2026-W40"),  # in the future
        ("2006-10-01", "2026-W40"),  # a typing error rather than a letter
    ],
)
async def test_a_letter_counts_in_the_week_it_was_received_in(
    city: City, tmp_path: Path, received_on: str, week: str
) -> None:
    await take_in(city, json_file(tmp_path, letter(received_on=received_on)))
    assert [report.week for report in await stored(city)] == [week]


async def test_a_letter_of_a_released_week_counts_in_the_current_one(city: City, tmp_path: Path) -> None:
    """Nothing is added to a released week; the current week is taken even when one before it is not released yet."""
    await city.releasing.begin()
    city.release_time(W40)
    await city.releasing.release_due()
    city.clock.now = at("2026-10-14 10:00")  # W42, while W41 waits to be released
    await take_in(city, json_file(tmp_path, letter(received_on="2026-10-01"), letter(received_on="2026-10-08")))
    assert sorted(report.week for report in await stored(city)) == ["2026-W41", "2026-W42"]


async def test_older_letters_make_a_new_store_begin_earlier(city: City, tmp_path: Path) -> None:
    """In whatever order the file has them, all weeks from the earliest letter on are released in order."""
    await city.releasing.begin()
    days = ["2026-09-23"] * 5 + ["2026-09-16"] * 5
    lines = [letter(received_on=day, reporter=str(number)) for number, day in enumerate(days)]
    await take_in(city, json_file(tmp_path, *lines))
    done = await city.releasing.release_due()
    assert [str(one.week) for one in done] == ["2026-W38", "2026-W39"]
    for week in (Week(2026, 38), Week(2026, 39)):
        assert (await city.shown(week, Source.IMPORT))[("haidian", ALL)] == (5, 9)
        assert await city.shown(week) == {}


# ---- people ----


async def test_letters_without_a_reporter_are_one_person_per_region(city: City, tmp_path: Path) -> None:
    """Ten letters that say nobody's name are one in each region, also where regions are folded together."""
    lines = [letter(region=region) for region in ("haidian", "fangshan", "yanqing") for _ in range(10)]
    named = [letter(region="chaoyang", reporter=name) for name in ("a", "b", "c", "d", "e", "a")]
    await take_in(city, json_file(tmp_path, *lines, *named))
    city.release_time()
    await city.releasing.release_due()
    shown = await city.shown(W40, Source.IMPORT)
    assert shown[("chaoyang", ALL)] == (5, 9)
    assert shown[("city", ALL)] == (5, 9)  # five reporters, haidian and fangshan with yanqing: seven
    assert not any(region in ("haidian", "fangshan") for region, _ in shown)


# ---- once ----


async def test_the_same_file_twice_stores_nothing_more(city: City, tmp_path: Path) -> None:
    file = json_file(tmp_path, letter(), letter(), letter(id="x"))
    assert outcome(await take_in(city, file)) == (3, 0, [])
    assert outcome(await take_in(city, file)) == (0, 3, [])
    assert len(await stored(city)) == 3


async def test_the_same_id_in_another_file_is_a_duplicate(city: City, tmp_path: Path) -> None:
    await take_in(city, json_file(tmp_path, letter(id=7)))
    again = json_file(tmp_path, letter(id="7", text="换一句话说执勤"), letter(id=8), name="other.jsonl")
    assert outcome(await take_in(city, again)) == (1, 1, [])


async def test_after_a_kill_the_same_file_goes_on_where_it_stopped(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run stores the line at which the process died, and does not double the ones before it."""
    file = json_file(tmp_path, *[letter() for _ in range(5)])
    add = city.reports.add
    calls = 0

    async def die_at_the_third(*arguments: object, **named: object) -> None:
        nonlocal calls
        calls += 1
        await add(*arguments, **named)  # type: ignore[arg-type]
        if calls == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as killing:
        killing.setattr(city.reports, "add", die_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            await take_in(city, file)
    assert len(await stored(city)) == 2
    assert outcome(await take_in(city, file)) == (3, 2, [])
    async with city.database.reading() as tx:
        assert len(await city.slips.open_all(tx, "2026-W37..W40")) == 5


# ---- how files are written ----


def csv_bytes(rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


COLUMNS = ["text", "region", "received_on", "reporter"]
ROW = ["又让上街执勤，还要拍照", "海淀区", "2026-10-01", "甲"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
async def test_both_forms_are_read_in_both_encodings(city: City, tmp_path: Path, kind: str, encoding: str) -> None:
    file = tmp_path / f"letters.{kind}"
    if kind == "csv":
        file.write_bytes(csv_bytes([COLUMNS, ROW], encoding))
    else:
        line = json.dumps(dict(zip(COLUMNS, ROW, strict=True)), ensure_ascii=False)
        file.write_bytes(f"{line}\r\n".encode(encoding))
    assert outcome(await take_in(city, file)) == (1, 0, [])
    assert [report.text for report in await stored(city)] == ["又让上街执勤，还要拍照"]


async def test_csv_fields_may_hold_commas_and_line_ends(city: City, tmp_path: Path) -> None:
    """A refused row is named by the line it begins in."""
    file = tmp_path / "letters.csv"
    rows = [
        ["Region", " received_on ", "TEXT"],
        ["haidian", "2026-10-01", "执勤,\n还是执勤"],
        ["moon", "2026-10-01", "执勤"],
    ]
    file.write_bytes(csv_bytes(rows))
    assert outcome(await take_in(city, file)) == (1, 0, [4])
    assert [report.text for report in await stored(city)] == ["执勤,\n还是执勤"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            "执勤,还是执勤,haidian,2026-10-01,甲",
            "The row has more columns than the first line; put texts with commas in quotation marks.",
        ),
        ("", "The line is empty."),
        (",,,", "The line is empty."),
        ("执勤", "The date received_on is missing or no day such as 2026-10-01."),
        ('"执勤"又"执勤",haidian,2026-10-01,', "The row is no CSV: a quotation mark is missing or too many."),
    ],
)
async def test_a_csv_row_that_is_no_letter_is_refused(city: City, tmp_path: Path, row: str, reason: str) -> None:
    file = tmp_path / "letters.csv"
    good = "执勤,haidian,2026-10-01,甲"
    file.write_text(f"text,region,received_on,reporter\n{good}\n{row}\n{good}", encoding="utf-8")
    result = await take_in(city, file)
    assert outcome(result) == (2, 0, [3])
    assert result.refused[0].reason == reason


async def test_one_line_of_junk_does_not_spoil_the_others(city: City, tmp_path: Path) -> None:
    """Bytes of no encoding are refused by line, and the rest is not read as another encoding."""
    file = tmp_path / "letters.jsonl"
    good = json.dumps(letter(), ensure_ascii=False).encode()
    file.write_bytes(b"\n".join([good, b"\xff\xfe\x00\x81 junk", good]))
    assert outcome(await take_in(city, file)) == (2, 0, [2])
    assert {report.text for report in await stored(city)} == {"又让我们上街执勤"}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("letters.csv", b"text,place\n", "needs the columns text, region, received_on"),
        ("letters.csv", b"", "needs the columns text, region, received_on"),
        ("letters.jsonl", "{}".encode("utf-16"), "save it as UTF-8"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_whole(
    city: City, tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(ServiceError, match=reason):
        await take_in(city, file)


async def test_a_missing_file_is_said(city: City, tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="cannot be read: No such file or directory"):
        await take_in(city, tmp_path / "nowhere.jsonl")


async def test_progress_is_told_line_by_line(city: City, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    file = json_file(tmp_path, letter(), "", letter())
    await importing(city).import_file(file, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


async def test_nothing_of_a_text_stands_in_a_refusal(city: City, tmp_path: Path) -> None:
    """Columns in the wrong order put the text where a region should be: no sentence repeats it."""
    secret = "王小明的秘密"
    wrong = [letter(region=secret), letter(received_on=secret), letter(category=secret), letter(text=f"※{secret}")]
    result = await take_in(city, json_file(tmp_path, *wrong))
    assert len(result.refused) == 4
    assert not any(secret in refusal.reason or "王小明" in refusal.reason for refusal in result.refused)
