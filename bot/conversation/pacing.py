"""How fast one account may write; counted in memory only, never at rest."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta


class Pace:
    """Counts events per account within a sliding window; forgets accounts whose window is empty."""

    def __init__(self, *, most: int, window: timedelta) -> None:
        self._most = most
        self._window = window
        self._events: dict[str, deque[tuple[datetime, str]]] = {}
        self._swept: datetime | None = None

    def allows(self, person: str, now: datetime, *, once: str = "") -> bool:
        """Whether one more event is within the pace; counts it if so.

        An event that is tried again, known by its key `once`, was counted the first time.
        """
        self._sweep(now)
        events = self._events.setdefault(person, deque())
        if once and events and events[-1][1] == once:
            return True
        while events and events[0][0] <= now - self._window:
            events.popleft()
        if len(events) >= self._most:
            return False
        events.append((now, once))
        return True

    def _sweep(self, now: datetime) -> None:
        if self._swept is not None and now - self._swept < self._window:
            return
        self._swept = now
        over = now - self._window
        for person in [key for key, events in self._events.items() if not events or events[-1][0] <= over]:
            del self._events[person]
