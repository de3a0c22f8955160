"""Finds web addresses that lead to one person or one form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.maskers.finding import Finding, Passage
from domain.masked_text import PersonalData

_URL = re.compile(
    r"(?:(?:https?|hxxps?|ftp)\s?:\s?//[A-Za-z0-9]|www\.|(?<![A-Za-z0-9@._-])(?:[A-Za-z0-9-]{1,40}\.){1,4}(?:com|cn|net|org|cc|top|xyz|vip|io|me|club|info|link|ltd|fun|site|shop|tv|hk|tw)(?:\.cn)?(?::\d+)?/)"
    r"[A-Za-z0-9\-._~:/?#\[\]@!$&*+=%]{0,400}",
    re.ASCII | re.IGNORECASE,
)
_PARTS = re.compile(r"(?:[a-z]+\s?:\s?//)?([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.IGNORECASE | re.DOTALL)
_OFFICIAL = re.compile(r"(?:^|\.)(?:gov|edu|mil)(?:\.[a-z]{2})?(?::\d+)?$", re.IGNORECASE)
_PERSONAL = re.compile(
    r"[?&#](?:\w*(?:id|uid|user|token|openid|key|code|sign|name|phone|mobile|tel|teacher|stu|gh|xh|empno|invite\w*|from|share\w*|sid|no|num|account|acct|u|t|p|s|k))=[^&\s]{2,}",
    re.IGNORECASE | re.ASCII,
)
_STRONG = re.compile(
    r"[?&#]\w*(?:uid|user|token|openid|phone|mobile|teacher|stu|gh|xh|empno|invite|account|name)\w*=[^&\s]{2,}",
    re.IGNORECASE | re.ASCII,
)
_PAGE = re.compile(
    r"(?:index|home|main|default|list|news|about|login)?(?:\.(?:html?|aspx?|jsp|php|do))?", re.IGNORECASE
)
_TRAILING = ".,!?:;~*'"


class UrlFinder:
    """Finds web addresses whose path or parameters single out a person, a form or an invitation."""

    def find(self, passage: Passage) -> Iterator[Finding]:
        """Return the addresses found; plain addresses of a site stay."""
        for match in _URL.finditer(passage.text):
            address = match[0].rstrip(_TRAILING)
            why = _why(address)
            if why:
                yield Finding(match.start(), match.start() + len(address), PersonalData.URL_WITH_ID, why, rank=0)


def _why(address: str) -> str:
    parts = _PARTS.fullmatch(address)
    host, path, query, fragment = (part or "" for part in parts.groups()) if parts else ("", "", "", "")
    asked = query + (fragment.replace("#", "?", 1) if "=" in fragment else "")
    if _STRONG.search(asked):
        return "web address with a parameter for a person"
    if _OFFICIAL.search(host):
        return ""
    if _PERSONAL.search(asked) or any(character.isdigit() for character in asked):
        return "web address with a parameter"
    if any(_is_key(segment) for segment in path.split("/")):
        return "web address with a key in its path"
    return "web address with a key behind #" if _is_key(fragment.strip("#/")) else ""


def _is_key(segment: str) -> bool:
    stem = segment.rsplit(".", 1)[0] if re.search(r"\.(?:html?|aspx?|jsp|php|do)$", segment, re.IGNORECASE) else segment
    if _PAGE.fullmatch(segment) or len(stem) < 4:
        return False
    digits = sum(character.isdigit() for character in stem)
    mixed = any(character.isupper() for character in stem[1:]) and any(character.islower() for character in stem)
    return digits >= 4 or (digits >= 1 and len(stem) >= 6) or (mixed and len(stem) >= 6)
