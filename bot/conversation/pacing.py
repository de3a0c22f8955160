"""How fast one account may write; counted in memory only, never at rest."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta


class Pace:
    """Counts events per account within a sliding window; forgets accounts whose window is empty."""

    def __init__(self, *, most: int, window: timedelta) -> None:
        self._most = most
        self._window = window
        self._events: dict[str, deque[datetime]] = {}
        self._swept: datetime | None = None

    def allows(self, person: str, now: datetime) -> bool:
        """Whether one more event is within the pace; counts it if so."""
        self._sweep(now)
        events = self._events.setdefault(person, deque())
        while events and events[0] <= now - self._window:
            events.popleft()
        if len(events) >= self._most:
            return False
        events.append(now)
        return True

    def _sweep(self, now: datetime) -> None:
        if self._swept is not None and now - self._swept < self._window:
            return
        self._swept = now
        for person in [key for key, events in self._events.items() if not events or events[-1] <= now - self._window]:
            del self._events[person]
