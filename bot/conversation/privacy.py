"""The privacy text, put together from the effective settings and the channel."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wording import Wording

_CHANNELS_WITH_A_WORD = ("telegram", "terminal")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyFacts:
    """What the service really does: smallest shown number, weeks until keys are destroyed, days a report is kept."""

    k: int
    block_weeks: int
    keep_days: int


class PrivacyText:
    """Says who can see what; every sentence is one that a test can hold us to."""

    def __init__(self, wording: Wording, facts: PrivacyFacts) -> None:
        self._wording = wording
        self._facts = facts

    def on(self, channel: str, *, staff: bool = False) -> str:
        """Return the text for a person on this channel."""
        facts = self._facts
        keys: list[tuple[str, dict[str, str | int]]] = [("privacy-head", {})]
        if channel in _CHANNELS_WITH_A_WORD:
            keys.append((f"privacy-{channel}", {}))
        keys += [
            ("privacy-masked", {}),
            ("privacy-identify", {}),
            ("privacy-stored", {}),
            ("privacy-operator", {"weeks": facts.block_weeks or 1}),
            ("privacy-brief", {}),
            ("privacy-kept", {"days": facts.keep_days}),
            ("privacy-published", {"k": facts.k}),
        ]
        if staff:
            keys.append(("privacy-staff", {}))
        return "\n".join(self._wording.say(key, arguments) for key, arguments in keys)
