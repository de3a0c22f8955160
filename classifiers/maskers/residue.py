"""A second look at a masked text, by other means than the finders."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = str.maketrans("零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖①②③④⑤⑥⑦⑧⑨", "0001234567891123456789123456789")
_SPACING = re.compile(r"(?<=[0-9])[\s\-_·*.]{1,3}(?=[0-9])")
_MOBILE = re.compile(r"(?<!\d)(?:86)?1[3-9]\d{9}(?!\d)")
_ID = re.compile(r"(?<!\d)[1-6]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX](?!\d)")
_EMAIL = re.compile(r"[A-Za-z0-9]@[A-Za-z0-9-]{1,30}\.[A-Za-z]{2}", re.ASCII)
_WXID = re.compile(r"wxid_[a-z0-9]{6}", re.IGNORECASE)
_PLAIN_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def remainder(masked: str) -> str:
    """Return what kind of personal data still stands in a masked text, or an empty string.

    It shares no code with the finders: invisible characters go, every digit becomes 0-9, gaps between digits close.
    """
    visible = "".join(
        character
        for character in unicodedata.normalize("NFKC", masked)
        if unicodedata.category(character) not in ("Cf", "Cc", "Mn", "Me") or character == "\n"
    )
    if _EMAIL.search(visible) or _WXID.search(visible):
        return "account"
    written = visible.translate(_DIGITS)
    if _PLAIN_MOBILE.search(visible) or _MOBILE.search(written):
        return "phone"
    closed = _SPACING.sub("", written)
    return "identity number" if _ID.search(closed) else ""
