"""The texts: complete in both languages, fitting their arguments, each one used."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from bot.wording import LANGUAGES, Wording
from domain.classification import Kind
from domain.errors import ConfigurationError

ROOT = Path(__file__).parents[2]
# Keys that the code puts together: a fixed beginning or ending.
PUT_TOGETHER = re.compile(
    r"answer-(question|praise|complaint|chat)|choice-(submit|category|more|drop|split|insist|groups|back)"
    r"|privacy-(telegram|terminal)|(status|withdraw)-usage|digest-trend-(up|down|same)|stats-source-(chat|import)"
    r"|notice-reason-(key|clock|other)|menu-(start|help|cancel|status|withdraw|privacy)"
)


class _Variables(Visitor):
    """Collects the variables of a pattern."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802  the library's name
        self.names.add(node.id.name)


def messages(language: str) -> dict[str, set[str]]:
    """Return the variables of every sentence; a broken or doubled entry fails."""
    text = files("bot.conversation.texts").joinpath(f"{language}.ftl").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for entry in FluentParser().parse(text).body:
        assert not isinstance(entry, ast.Junk), entry.content
        if isinstance(entry, ast.Message):
            assert entry.id.name not in found, f"{entry.id.name} stands twice"
            assert entry.value is not None
            variables = _Variables()
            variables.visit(entry.value)
            found[entry.id.name] = variables.names
    return found


def test_the_languages_say_the_same() -> None:
    """English has the sentences of Chinese, with the same arguments."""
    assert messages("en") == messages("zh-Hans")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_takes_its_arguments(language: str) -> None:
    """A sentence with its arguments is not empty and has each of them in it."""
    wording = Wording(language)
    for key, names in messages(language).items():
        said = wording.say(key, {name: f"<{name}>" for name in names})
        assert said.strip()
        assert all(f"<{name}>" in said for name in names)


def test_every_sentence_is_used() -> None:
    """No sentence is left behind: each key stands in the code, or is one that the code puts together."""
    code = "\n".join(
        file.read_text(encoding="utf-8") for file in [*ROOT.glob("bot/**/*.py"), *ROOT.glob("domain/*.py")]
    )
    literal = set(re.findall(r'"([a-z]+(?:-[a-z]+)*)"', code))
    assert [key for key in messages("zh-Hans") if key not in literal and not PUT_TOGETHER.fullmatch(key)] == []


def test_each_kind_has_an_answer() -> None:
    """Every message that is no report is answered in its own words."""
    wording = Wording("zh-Hans")
    answers = {wording.say(f"answer-{kind.value}") for kind in Kind if kind is not Kind.REPORT}
    assert len(answers) == len(Kind) - 1


def test_chinese_texts_are_chinese() -> None:
    """No English sentence was left in the Chinese texts."""
    wording = Wording("zh-Hans")
    for key, names in messages("zh-Hans").items():
        said = wording.say(key, dict.fromkeys(names, ""))
        assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", said.replace("jianfu release", "")), key


def test_numbers_are_not_grouped() -> None:
    """A year, a week or a limit stands as it is written, not as 4,000."""
    assert "4000" in Wording("en").say("error-too-long", {"limit": 4000})


def test_what_cannot_be_said_stops_the_start() -> None:
    """An unknown language, an unknown sentence and a missing argument are named."""
    with pytest.raises(ConfigurationError, match="texts in fr"):
        Wording("fr")
    wording = Wording("en")
    with pytest.raises(ConfigurationError, match="no sentence nonsense"):
        wording.say("nonsense")
    with pytest.raises(ConfigurationError, match="error-too-long"):
        wording.say("error-too-long")
    assert wording.has("welcome")
    assert not wording.has("nonsense")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_fits_telegram(language: str) -> None:
    """A description in the command menu has 3 to 256 characters; ours fit a phone."""
    said = [Wording(language).say(key) for key in messages(language) if key.startswith("menu-")]
    assert len(said) >= 6
    assert all(3 <= len(words) <= 32 for words in said)
