"""Logs: fixed events with allowed fields; library words, tracebacks and values stay out."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from bot.logs import ALLOWED_FIELDS, QUIET, configure_logging, record

MARK = "又要投票张三13800000000"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Logging as the service configures it, written to memory and put back afterwards."""
    names = (None, "jianfu", *QUIET)
    before = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    root, handlers, raising = logging.getLogger(), logging.getLogger().handlers[:], logging.raiseExceptions
    written = io.StringIO()
    configure_logging(written)
    yield written
    root.handlers[:] = handlers
    logging.raiseExceptions = raising
    for logger, level in before:
        logger.setLevel(level)


def test_an_event_is_one_line_with_its_fields_in_order(stream: io.StringIO) -> None:
    """Time, level, the event's word, fields by name."""
    record("week-released", period="2026-W40", count=3)
    line = stream.getvalue()
    assert line.endswith(" info week-released count=3 period=2026-W40\n")
    assert line.count("\n") == 1


@pytest.mark.parametrize("field", ["text", "person", "address", "receipt", "token", "region", "key"])
def test_what_could_give_somebody_away_is_no_field(field: str, stream: io.StringIO) -> None:
    """Fields for words, people, receipts and secrets do not exist, and the refusal does not repeat the value."""
    assert field not in ALLOWED_FIELDS
    with pytest.raises(ValueError, match=f"log field {field} is not allowed") as refusal:
        record("handled", level=logging.INFO, **{field: MARK})
    assert MARK not in str(refusal.value)
    assert stream.getvalue() == ""


@pytest.mark.parametrize("name", [*QUIET, "sqlalchemy.engine.Engine", "telegram.ext", "somebody.else"])
def test_library_words_are_replaced_by_the_librarys_name(name: str, stream: io.StringIO) -> None:
    """What a library says may hold bound values or a token, so only its name is logged, and little of it."""
    logger = logging.getLogger(name)
    logger.debug("%s", MARK)
    logger.info("%s", MARK)
    logger.error("bound value %s", MARK)
    assert MARK not in stream.getvalue()
    assert stream.getvalue().endswith(f" error library-warning name={name}\n")
    assert stream.getvalue().count("\n") == 1


def test_a_failure_leaves_no_traceback(stream: io.StringIO) -> None:
    """Neither the words of an exception nor its frames are logged."""
    try:
        int(MARK)
    except ValueError:
        logging.getLogger("somebody.else").exception("failed with %s", MARK)
        logging.getLogger("jianfu").exception("handling-failed")
    assert MARK not in stream.getvalue()
    assert "Traceback" not in stream.getvalue()
    assert "handling-failed" in stream.getvalue()


def test_configuring_twice_writes_once(stream: io.StringIO) -> None:
    """A second configuration takes the place of the first."""
    configure_logging(stream)
    record("started")
    assert stream.getvalue().count("started") == 1
