"""Loading of policy packs: what contradicts itself is refused in one sentence that names file, line and rule."""

from __future__ import annotations

import re
import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from classifiers.pack_loader import load_pack
from domain.errors import PolicyPackError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the built-in pack that a test may spoil."""
    with as_file(files("classifiers.packs").joinpath("cn2021")) as built_in:
        return Path(shutil.copytree(built_in, tmp_path / "pack"))


def spoil(file: Path, old: str, new: str) -> int:
    """Replace the first occurrence of a text in a file and return the line it began on."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8", newline="\n")
    return text[: text.index(old)].count("\n") + 1


def refusal(folder: Path) -> str:
    """Return the sentence with which a pack is refused."""
    with pytest.raises(PolicyPackError) as caught:
        load_pack(folder)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def test_a_folder_loads_as_the_built_in_pack_does(folder: Path) -> None:
    """A province's own folder goes through the same door as the pack that is shipped."""
    assert load_pack(folder) == load_pack()
    assert load_pack().name == "cn2021@2021.1"


def test_a_file_saved_on_windows_loads(folder: Path) -> None:
    """A byte order mark and carriage returns in pack.toml change nothing."""
    file = folder / "pack.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert load_pack(folder) == load_pack()


DEFECTS = {
    "hash": (
        'sha256 = "3ffab34ac6',
        'sha256 = "4ffab34ac6',
        r'the sha256 of the document "plan" is not that of .*implementation-plan\.txt',
    ),
    "hash is no hash": ('sha256 = "3ffab34ac6', 'sha256 = "ffab34ac6', r"\[document\] no\. 1 sha256 is wrong"),
    "page count": ("pages = 11 }", "pages = 12 }", '"plan" cannot be cleaned by its rule: it must have 12 numbered'),
    "row count": ("rows = 24 }", "rows = 25 }", '"ledger" cannot be cleaned by its rule: its table must have the rows'),
    "unknown rule": ('rule = "tab-table"', 'rule = "guess"', r"\[document\] no\. 2 cleaning is wrong"),
    "file outside": ('"documents/task-', '"../task-', "must name a file inside the pack's folder"),
    "quote": (
        'text = "进一步规范',
        'text = "进一步的规范',
        '"plan-3.3" does not stand word for word in the document "plan"',
    ),
    "quote with page number": (
        "不再面向中小学校和教师",
        "不再面向\\n\\n8、中小学校和教师",
        r"\[clause\] no\. \d+ text is wrong",
    ),
    "unknown document": (
        'document = "ledger"\nplace = "任务台账 第22项"',
        'document = "laws"\nplace = "任务台账 第22项"',
        'the clause "ledger-22" names the unknown document "laws"',
    ),
    "unknown clause": (
        'clauses = ["ledger-22"]',
        'clauses = ["ledger-23"]',
        'the category "staffing" cites the unknown clause "ledger-23"',
    ),
    "unknown group": (
        'group = "forms"\nname = "表格',
        'group = "sheets"\nname = "表格',
        'the category "duplicate_forms" names the unknown group "sheets"',
    ),
    "unknown row": (
        "ledger_rows = [22]",
        "ledger_rows = [25]",
        'the category "staffing" names the unknown ledger row 25',
    ),
    "clause id twice": ('id = "plan-1.1b"', 'id = "plan-1.1a"', 'the clause id "plan-1.1a" is used twice'),
    "group id twice": ('id = "forms"', 'id = "inspection"', 'the group id "inspection" is used twice'),
    "category id twice": ('id = "contests"', 'id = "staffing"', 'the category id "staffing" is used twice'),
    "document id twice": ('id = "ledger"', 'id = "plan"', 'the document id "plan" is used twice'),
    "no clause": ('clauses = ["ledger-22"]', "clauses = []", 'the category "staffing" cites no clause'),
    "other burden with clause": (
        "clauses = []",
        'clauses = ["ledger-22"]',
        'the category "other_burden" cites a clause, though no clause names it',
    ),
    "clause cited twice": (
        'clauses = ["ledger-22"]',
        'clauses = ["ledger-22", "ledger-22"]',
        'the category "staffing" has "ledger-22" twice in its clauses',
    ),
    "keyword twice": ('"空编", "缺编"', '"空编", "空编"', 'the category "staffing" has "空编" twice in its keywords'),
    "keyword of one character": ('"空编", "缺编"', '"空编", "编"', r"\[category\] no\. 21 keywords no\. 3 is wrong"),
    "missing category": ('id = "contests"', 'id = "matches"', 'the category "contests" of the taxonomy is missing'),
    "missing body": ('police = "公安部门"\n', "", r'\[bodies\] has no entry for the body "police"'),
    "unknown body": ('police = "公安部门"', 'police = "公安部门"\narmy = "部队"', 'names the unknown body "army"'),
    "empty group": (
        'id = "forms"\nname',
        'id = "empty"\nname = "空"\n\n[[group]]\nid = "forms"\nname',
        'the group "empty" has no category',
    ),
    "label too long": (
        'short = "被抽调借用"',
        'short = "被抽调借用到机关里去帮忙"',
        r"\[category\] no\. 17 short is wrong: is too long: at most 20 columns",
    ),
    "empty description": (
        'describes = "确实',
        'describes = ""\n# "确实',
        r"\[category\] no\. 22 describes is wrong: string should have at least 1 character",
    ),
    "missing description": ('describes = "确实', '# "确实', r"\[category\] no\. 22 describes is wrong: field required"),
    "wrong type": ("ledger_rows = [22]", 'ledger_rows = "22"', r"\[category\] no\. 21 ledger_rows is wrong"),
    "number as text": (
        "ledger_rows = [22]",
        'ledger_rows = ["22"]',
        r"\[category\] no\. 21 ledger_rows no\. 1 is wrong",
    ),
    "unknown key": (
        'short = "被抽调借用"',
        'shrot = "被抽调借用"',
        r"\[category\] no\. 17 shrot is wrong: extra inputs",
    ),
    "extra key": (
        'short = "被抽调借用"',
        'short = "借用"\nnote = "x"',
        r"\[category\] no\. 17 note is wrong: extra inputs",
    ),
    "no TOML": ("ledger_rows = [22]", "ledger_rows = [22", "this is not valid TOML"),
    "no task ledger": ('task_ledger = "ledger"', 'task_ledger = "plan"', 'the task ledger "plan" is no document'),
}


@pytest.mark.parametrize(("old", "new", "rule"), DEFECTS.values(), ids=DEFECTS)
def test_a_defect_is_refused_by_name(folder: Path, old: str, new: str, rule: str) -> None:
    """Each defect is refused in a sentence that names pack.toml and the rule."""
    spoil(folder / "pack.toml", old, new)
    sentence = refusal(folder)
    assert str(folder / "pack.toml") in sentence
    assert re.search(rule, sentence), sentence


@pytest.mark.parametrize(
    "defect",
    [
        *("hash", "hash is no hash", "page count", "row count", "file outside", "quote", "unknown document"),
        *("unknown clause", "unknown group", "unknown row", "clause id twice", "group id twice", "no clause"),
        *("label too long", "unknown key", "empty description", "wrong type", "number as text", "no task ledger"),
    ],
)
def test_a_refusal_names_the_line(folder: Path, defect: str) -> None:
    """The sentence names the line that has to be changed."""
    old, new, _ = DEFECTS[defect]
    line = spoil(folder / "pack.toml", old, new)
    assert f"pack.toml, line {line}:" in refusal(folder)


def test_a_refusal_of_toml_names_the_line_where_reading_stopped(folder: Path) -> None:
    """The first line that cannot be read is named."""
    line = spoil(folder / "pack.toml", 'language = "zh-Hans"', "language = zh-Hans")
    assert f"pack.toml, line {line}: this is not valid TOML" in refusal(folder)


def test_a_key_outside_all_tables_is_refused_with_its_line(folder: Path) -> None:
    """A key that no table owns is found too."""
    line = spoil(folder / "pack.toml", "[pack]\n", 'colour = "red"\n\n[pack]\n')
    assert f"pack.toml, line {line}: [colour] is wrong: extra inputs" in refusal(folder)


@pytest.mark.parametrize("file", ["pack.toml", "documents/task-ledger.txt"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    """Without a file the pack is refused with the file's name."""
    (folder / file).unlink()
    assert f"{folder / file} is missing" in refusal(folder)


def test_a_folder_in_place_of_a_file_is_named(folder: Path) -> None:
    """What cannot be read is refused like what is not there."""
    (folder / "pack.toml").unlink()
    (folder / "pack.toml").mkdir()
    assert f"{folder / 'pack.toml'} cannot be read" in refusal(folder)


def test_a_pack_that_is_not_utf8_is_named(folder: Path) -> None:
    """A file saved in another encoding is refused with advice."""
    file = folder / "pack.toml"
    file.write_bytes(file.read_text("utf-8").encode("gb18030"))
    assert "is not UTF-8 text; save it as UTF-8" in refusal(folder)


def test_a_changed_document_is_refused(folder: Path) -> None:
    """One changed character in a document is noticed, even outside of every quotation."""
    with (folder / "documents/implementation-plan.txt").open("a", encoding="utf-8") as file:
        file.write("。")
    assert 'the sha256 of the document "plan" is not that of' in refusal(folder)


def test_the_text_of_a_refused_entry_is_not_repeated(folder: Path) -> None:
    """A refusal names the place and the rule, never the value."""
    spoil(folder / "pack.toml", 'short = "被抽调借用"', 'short = "被抽调借用到机关里去帮忙"')
    assert "帮忙" not in refusal(folder)


# ---- a province's own pack ----


def test_a_pack_may_do_without_words_in_other_languages(folder: Path) -> None:
    """Other languages are optional; without them the pack reads the same in each."""
    shutil.rmtree(folder / "words")
    pack = load_pack(folder)
    assert pack.in_language("en") is pack


def test_a_pack_may_add_a_category_and_a_group_of_its_own(folder: Path) -> None:
    """The taxonomy's categories are the least a pack has, not all it may have."""
    shutil.rmtree(folder / "words")
    file = folder / "pack.toml"
    text = file.read_text("utf-8")
    own = text[text.index('[[category]]\nid = "staffing"') : text.index('[[category]]\nid = "other_burden"')]
    own = own.replace('id = "staffing"', 'id = "holiday_duty"').replace('group = "governance"', 'group = "holidays"')
    file.write_text(f'{text}\n[[group]]\nid = "holidays"\nname = "假期"\n\n{own}', "utf-8", newline="\n")
    assert [category.id for category in load_pack(folder).categories_of("holidays")] == ["holiday_duty"]


WORDS_DEFECTS = {
    "missing category": ("[category.staffing]", "[category.posts]", r'no entry for the category "staffing"'),
    "missing place": ('"ledger-22" = ', '"ledger-23" = ', r'\[places\] has no entry for the clause "ledger-22"'),
    "unknown group": ('forms = "', 'sheets = "x"\nforms = "', r'\[groups\] names the unknown group "sheets"'),
    "missing body": ('police = "police"\n', "", r'\[bodies\] has no entry for the body "police"'),
    "label too long": (
        'short = "Surveys"',
        'short = "Surveys and statistics"',
        "category.* short is wrong: is too long",
    ),
    "language": ('language = "en"', 'language = "fr"', 'the language "fr" does not fit the name of the file'),
}


@pytest.mark.parametrize(("old", "new", "rule"), WORDS_DEFECTS.values(), ids=WORDS_DEFECTS)
def test_incomplete_words_are_refused(folder: Path, old: str, new: str, rule: str) -> None:
    """A language is whole or it is refused, with the file and the id that is missing."""
    spoil(folder / "words/en.toml", old, new)
    sentence = refusal(folder)
    assert str(folder / "words/en.toml") in sentence
    assert re.search(rule, sentence), sentence


def test_a_refusal_of_words_names_the_line(folder: Path) -> None:
    """Tables named after a category are found by their own heading."""
    line = spoil(folder / "words/en.toml", 'short = "Surveys"', 'short = "Surveys and statistics"')
    assert f"en.toml, line {line}: [category] surveys_statistics short" in refusal(folder)
