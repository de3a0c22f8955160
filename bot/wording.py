"""Every sentence the bot says, from Fluent files."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

from domain.errors import ConfigurationError

LANGUAGES = ("zh-Hans", "en")
_FOLDER = "bot.conversation.texts"


class Wording:
    """The sentences of one language; a missing sentence falls back to Simplified Chinese.

    Raises:
        ConfigurationError: the language or a sentence is unknown, or a sentence misses an argument.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ConfigurationError(f"There are no texts in {language}; choose one of {', '.join(LANGUAGES)}.")
        self.language = language
        self._bundles = [_bundle(name) for name in dict.fromkeys((language, LANGUAGES[0]))]

    def say(self, key: str, arguments: Mapping[str, str | int] | None = None) -> str:
        """Return the sentence of this key with its arguments put in."""
        for bundle in self._bundles:
            if bundle.has_message(key):
                # Strings for numbers: Fluent would otherwise group digits.
                plain = {name: str(value) for name, value in (arguments or {}).items()}
                text, errors = bundle.format_pattern(bundle.get_message(key).value, plain)
                if errors:
                    raise ConfigurationError(f"The sentence {key} ({self.language}) does not fit its arguments.")
                return str(text)
        raise ConfigurationError(f"There is no sentence {key}.")

    def has(self, key: str) -> bool:
        """Whether a sentence of this key exists."""
        return any(bundle.has_message(key) for bundle in self._bundles)


def _bundle(language: str) -> Any:
    text = files(_FOLDER).joinpath(f"{language}.ftl").read_text(encoding="utf-8")
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource(text))
    return bundle
