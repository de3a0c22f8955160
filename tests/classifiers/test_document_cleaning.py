"""Cleaning of documents: pages are joined where they broke, tables come back row by row."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.document_cleaning import clean_numbered_pages, clean_tab_table, join_numbered_pages, table_rows

NUMBER = "{n}、"
COLUMNS = ("号", "事项", "备注")
words = st.text(alphabet="甲乙丙丁，。12、", min_size=1, max_size=12)
pages = st.lists(words.map(lambda page: "头" + page), min_size=1, max_size=12)
cells = st.text(alphabet="甲乙丙（）QQ群 1", max_size=8).map(str.strip)


def web_copy(body: str) -> str:
    return f"标题\n\n资源描述\n\n由会员分享\n\n{body}\n\n展开阅读全文\n相关资源\n"


def cleaned(body: str, count: int) -> str:
    return clean_numbered_pages(
        web_copy(body), starts_after="资源描述", ends_before="展开阅读全文", number=NUMBER, pages=count
    )


@given(pages)
def test_pages_are_joined_character_for_character(contents: list[str]) -> None:
    """Whatever the pages hold, joining gives their contents in order and adds or loses no character."""
    body = "\n\n".join(f"{number}、{content}" for number, content in enumerate(contents, start=1))
    assert cleaned(body, len(contents)) == "".join(contents)


@given(pages)
def test_joined_pages_stay_as_they_are(contents: list[str]) -> None:
    """Joining a joined text changes nothing."""
    once, _ = join_numbered_pages("\n".join(f"{n}、{page}" for n, page in enumerate(contents, 1)), number=NUMBER)
    assert join_numbered_pages(once, number=NUMBER) == (once, 0)


def test_a_list_inside_a_page_is_no_page_break() -> None:
    """Only the next expected number starts a page; other numbered lines keep their number and their line."""
    assert cleaned("1、甲\n7、乙\n\n2、丙", 2) == "甲\n7、乙丙"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (web_copy("1、甲\n\n2、乙"), "3 numbered pages, not 2"),
        (web_copy("1、甲\n\n3、乙\n\n4、丙"), "3 numbered pages, not 1"),
        (web_copy("没有页码"), "3 numbered pages, not 0"),
        (web_copy("1、甲").replace("资源描述", ""), '"资源描述" must stand in it exactly once'),
        (web_copy("1、甲\n展开阅读全文"), '"展开阅读全文" must stand in it exactly once'),
    ],
)
def test_a_text_that_is_not_as_recorded_is_refused(text: str, rule: str) -> None:
    """A missing page or line of the website is an error, never a shorter text."""
    with pytest.raises(ValueError, match=rule):
        clean_numbered_pages(text, starts_after="资源描述", ends_before="展开阅读全文", number=NUMBER, pages=3)


def pasted(rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table as pasting leaves it: a tab before each cell, stray lines between rows and after a cell."""
    lines = ["附件\n\n\t台账\n\n", *("\t" + column + "\n" for column in COLUMNS)]
    for row in rows:
        lines.extend(["\n", *("\t" + cell + "\n\n" for cell in row)])
    return "".join(lines)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=6))
def test_a_pasted_table_comes_back_cell_by_cell(contents: list[tuple[str, str]]) -> None:
    """Rows come back with every cell, empty ones too, and a cleaned table is read as the same table."""
    rows = [(str(number), *row) for number, row in enumerate(contents, start=1)]
    text = clean_tab_table(pasted(rows), columns=COLUMNS, rows=len(rows))
    assert table_rows(text, columns=COLUMNS) == tuple(rows)
    assert text.startswith("附件\n台账\n\t号\t事项\t备注\n\t1\t")
    assert clean_tab_table(text, columns=COLUMNS, rows=len(rows)) == text


def test_a_table_may_end_without_its_last_empty_cells() -> None:
    """A file cut off after its last words has lost only empty cells."""
    text = clean_tab_table("\t号\n\t事项\n\t备注\n\n\t1\n\t甲\n \n", columns=COLUMNS, rows=1)
    assert table_rows(text, columns=COLUMNS) == (("1", "甲", ""),)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (pasted([("1", "甲", "")]), "rows 1 to 2"),
        (pasted([("1", "甲", ""), ("3", "乙", "")]), "rows 1 to 2"),
        ("\t号\n\t备注\n\t1\n\t甲\n", "heading 号 / 事项 / 备注"),
    ],
)
def test_a_table_that_is_not_as_recorded_is_refused(text: str, rule: str) -> None:
    """A missing row or another heading is an error."""
    with pytest.raises(ValueError, match=rule):
        clean_tab_table(text, columns=COLUMNS, rows=2)
