"""What the Bot API says about texts: HTML entities, lengths, wording of refusals."""

from __future__ import annotations

import html
import re

_TAGS = frozenset(
    "b strong i em u ins s strike del code pre a span tg-spoiler tg-emoji blockquote".split()  # noqa: SIM905
)
_TYPES = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "code": "code", "pre": "pre", "a": "text_link"}
_TAG = re.compile(r"<(/?)([a-zA-Z0-9-]*)([^<>]*)(>?)")
_NAMED = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")


class RefusedError(Exception):
    """The call is refused: HTTP status and description as the Bot API gives them."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


def bad(description: str) -> RefusedError:
    """Return a 400."""
    return RefusedError(400, f"Bad Request: {description}")


def units(text: str) -> int:
    """Return the length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parsed(text: str, mode: str) -> tuple[str, list[dict[str, object]]]:
    """Return the text and entities after parsing, trimmed; raises the refusals of the Bot API."""
    if mode.upper() == "HTML":
        text, entities = _html(text)
    elif mode:
        raise bad("unsupported parse_mode")
    else:
        entities = []
    return text.strip(), entities


def _html(text: str) -> tuple[str, list[dict[str, object]]]:
    plain: list[str] = []
    entities: list[dict[str, object]] = []
    stack: list[tuple[str, int]] = []
    place = 0
    for match in _TAG.finditer(text):
        plain.append(_characters(text[place : match.start()]))
        place = match.end()
        at = len(text[: match.start()].encode())
        closing, name, _, end = match.groups()
        name = name.lower()
        if closing:
            _check_end(stack, name, at, ended=bool(end))
            kind, start = stack.pop()
            length = units("".join(plain)) - start
            entities.append({"type": _TYPES.get(kind, kind), "offset": start, "length": length})
            continue
        if name not in _TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {at}')
        if not end:
            raise bad(f"can't parse entities: Unclosed start tag at byte offset {at}")
        stack.append((name, units("".join(plain))))
    if stack:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{stack[-1][0]}\"")
    plain.append(_characters(text[place:]))
    return "".join(plain), entities


def _check_end(stack: list[tuple[str, int]], name: str, at: int, *, ended: bool) -> None:
    if not stack:
        raise bad(f"can't parse entities: Unexpected end tag at byte offset {at}")
    if not ended:
        raise bad(f"can't parse entities: Unclosed end tag at byte offset {at}")
    if name and name != stack[-1][0]:
        raise bad(
            f"can't parse entities: Unmatched end tag at byte offset {at}, "
            f'expected "</{stack[-1][0]}>", found "</{name}>"'
        )


def _characters(text: str) -> str:
    return _REFERENCE.sub(lambda match: _NAMED.get(match[0]) or html.unescape(match[0]), text)
