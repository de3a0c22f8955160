"""A clock that stands still until it is told to go on."""

from __future__ import annotations

from datetime import datetime, timedelta


class FakeClock:
    """Called, it says the time, as the real clock does; the time has a zone."""

    def __init__(self, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError("a time needs a zone")
        self.now = now

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def advance(self, step: timedelta) -> datetime:
        """Go on (or back) and return the time then."""
        self.now += step
        return self.now
