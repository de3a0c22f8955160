"""Commands as people type them: with a slash of any width, or as a plain word."""

from __future__ import annotations

import unicodedata

from bot.conversation.turn import Commanded

COMMANDS = ("start", "help", "cancel", "status", "withdraw", "privacy", "join", "stats", "digest")
_WORDS = {
    "开始": "start",
    "帮助": "help",
    "取消": "cancel",
    "进度": "status",
    "撤回": "withdraw",
    "隐私": "privacy",
    "加入": "join",
    "统计": "stats",
    "周报": "digest",
}
_WITH_ARGUMENT = frozenset({"进度", "撤回", "加入", "统计"})


def as_command(text: str) -> Commanded | None:
    """Return the command a text gives; None for any other text.

    A slash of either width makes a command, known or not; a plain word only when it stands alone, or first before
    what it asks for.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.startswith("/"):
        name, argument = _split(plain[1:])
        return Commanded(_WORDS.get(name, name.partition("@")[0].lower()), argument)
    word, argument = _split(plain)
    if word in _WORDS and (not argument or (word in _WITH_ARGUMENT and len(argument) <= 60)):
        return Commanded(_WORDS[word], argument)
    return None


def _split(words: str) -> tuple[str, str]:
    """Return the first word and the rest, over any white space."""
    first, *rest = words.split(maxsplit=1) if words[:1].strip() else ("", words)
    return first, "".join(rest).strip()
