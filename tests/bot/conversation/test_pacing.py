"""How fast one account may write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.pacing import Pace

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@given(st.lists(st.integers(0, 40), max_size=60), st.integers(1, 5))
def test_no_window_holds_more_than_allowed(gaps: list[int], most: int) -> None:
    """Within any minute at most so many are let through, and whoever waits a minute is let through."""
    pace = Pace(most=most, window=MINUTE)
    now = NOON
    passed: list[datetime] = []
    for gap in gaps:
        now += timedelta(seconds=gap)
        if pace.allows("a", now):
            passed.append(now)
        assert sum(time > now - MINUTE for time in passed) <= most
    assert pace.allows("a", now + MINUTE)


def test_people_do_not_slow_each_other() -> None:
    """Each account has its own pace."""
    pace = Pace(most=1, window=MINUTE)
    assert pace.allows("a", NOON)
    assert pace.allows("b", NOON)
    assert not pace.allows("a", NOON)


def test_an_event_tried_again_counts_once() -> None:
    """While the database fails the same event comes back many times; it is neither counted again nor refused."""
    pace = Pace(most=2, window=MINUTE)
    assert all(pace.allows("a", NOON, once="first") for _ in range(9))
    assert pace.allows("a", NOON, once="second")
    assert not pace.allows("a", NOON, once="third")


def test_whoever_left_is_forgotten() -> None:
    """No account stays in memory longer than two windows after its last event."""
    pace = Pace(most=1, window=MINUTE)
    pace.allows("a", NOON)
    pace.allows("b", NOON + 2 * MINUTE)
    assert set(pace._events) == {"b"}
