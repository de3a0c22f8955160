"""Recorded rules that turn a document's raw text into the text its clauses are checked against."""

from __future__ import annotations

import re

_BREAK = re.compile(r"\s*\n\s*")


def clean_numbered_pages(text: str, *, starts_after: str, ends_before: str, number: str, pages: int) -> str:
    """Return the pages of a web copy as one text, without the website around them.

    The pages stand between the lines `starts_after` and `ends_before`; each begins on a new line with its own number
    written as `number` ("{n}、"), wherever a sentence happened to break.

    Raises:
        ValueError: a line is missing or the pages are not numbered from 1 to `pages`; says what is wrong.
    """
    lines = [line.strip() for line in text.splitlines()]
    for mark in (starts_after, ends_before):
        if lines.count(mark) != 1:
            raise ValueError(f'the line "{mark}" must stand in it exactly once')
    between = lines[lines.index(starts_after) + 1 : lines.index(ends_before)]
    joined, found = join_numbered_pages("\n".join(between), number=number)
    if found != pages:
        raise ValueError(f"it must have {pages} numbered pages, not {found}")
    return joined


def join_numbered_pages(text: str, *, number: str) -> tuple[str, int]:
    """Return the text with its pages joined where they broke, and how many there were.

    Only a line that begins with the next expected number starts a page. What stands before page 1 is dropped; text
    without page 1 has no pages and comes back as it is.
    """
    pages: list[list[str]] = []
    for line in text.split("\n"):
        mark = number.replace("{n}", str(len(pages) + 1))
        if line.startswith(mark):
            pages.append([line[len(mark) :]])
        elif pages and line:
            pages[-1].append(line)
    if not pages:
        return text, 0
    return "".join("\n".join(page) for page in pages), len(pages)


def clean_tab_table(text: str, *, columns: tuple[str, ...], rows: int) -> str:
    """Return a table whose cells each begin with a tab as one line a row, with the lines above it.

    Cells keep every character; only line breaks and blanks around and inside of them go. The result reads as the
    same table again.

    Raises:
        ValueError: the heading cells are missing or the rows are not numbered from 1 to `rows`; says what is wrong.
    """
    above, cells = _split_at_heading(text, columns)
    table = [cells[start : start + len(columns)] for start in range(0, len(cells), len(columns))]
    numbers = [row[0] for row in table]
    if numbers != [str(number) for number in range(1, rows + 1)]:
        raise ValueError(f"its table must have the rows 1 to {rows} of {len(columns)} cells each")
    lines = ["\t" + "\t".join(row) for row in ([*columns], *table)]
    return "\n".join([*above, *lines])


def table_rows(cleaned: str, *, columns: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the cells of a cleaned table, row by row, without its heading."""
    _, cells = _split_at_heading(cleaned, columns)
    width = len(columns)
    return tuple(tuple(cells[start : start + width]) for start in range(0, len(cells), width))


def _split_at_heading(text: str, columns: tuple[str, ...]) -> tuple[list[str], list[str]]:
    heading = re.search(r"\s*".join("\t" + re.escape(column) for column in columns), text)
    if heading is None:
        raise ValueError(f"its table must have the heading {' / '.join(columns)}")
    above = [line.strip() for line in text[: heading.start()].splitlines() if line.strip()]
    cells = [_BREAK.sub("", cell).strip() for cell in text[heading.end() :].split("\t")[1:]]
    # A table cut off after its last words has lost only empty cells.
    cells.extend([""] * (-len(cells) % len(columns)))
    return above, cells
