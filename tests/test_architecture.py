"""The shape of the code: sizes, empty packages, one owner per library, every module in the architecture document."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "classifiers", "storage", "domain")
LARGEST_MODULE = 400
LARGEST_FUNCTION = 50
WORDS_OF_A_SENTENCE = 3
ARCHITECTURE = ROOT / "docs" / "architecture.md"

# Which modules may import a library; the beginning of a path is enough.
OWNERS = {
    "sqlalchemy": "storage/",
    "alembic": "storage/",
    "aiosqlite": "storage/",
    "asyncpg": "storage/",
    "sqlite3": "storage/",
    "cryptography": "storage/",
    "telegram": "bot/channels/",
    "httpx": "bot/channels/",
    "starlette": "bot/channels/",
    "uvicorn": "bot/channels/",
    "prometheus_client": "bot/channels/",
    "matplotlib": "bot/rendering/",
    "fluent": "bot/wording.py",
    "jieba": "classifiers/tokenizer.py",
    "opencc": "classifiers/normalizer.py",
    "ahocorasick": "classifiers/",
    "typer": "bot/commands/",
    "rich": "bot/commands/",
}
# pydantic checks what comes from outside: settings, packs, updates of platforms.
PYDANTIC = re.compile(r"bot/settings\.py|classifiers/pack_[a-z]+\.py|bot/channels/[a-z_]+\.py")
# The only places that may catch everything and go on: nothing odd may stop the service or show a traceback.
CATCHES_ALL = {"bot/conversation/dialogue.py", "bot/services/scheduling.py", "bot/commands/main.py"}


def modules() -> list[str]:
    """Return every module of ours, without the migrations' versions, which are never edited."""
    files = (file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py")))
    return [str(file.relative_to(ROOT)) for file in files if "versions" not in file.parts]


def suite() -> list[str]:
    """Return every file of the test suite."""
    return [str(file.relative_to(ROOT)) for file in sorted((ROOT / "tests").rglob("*.py"))]


def text_of(module: str) -> str:
    return (ROOT / module).read_text(encoding="utf-8")


def tree_of(module: str) -> ast.Module:
    return ast.parse(text_of(module), module)


def imports_of(module: str) -> Iterator[str]:
    """Return the top names a module imports, wherever in it."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def definitions(file: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function of a file, methods too."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_there_is_something_to_check() -> None:
    """All four packages were found."""
    assert {module.partition("/")[0] for module in modules()} == set(PACKAGES)
    assert len(modules()) > 60
    assert len(suite()) > 40


def test_modules_are_small() -> None:
    """A module has at most 400 lines (300 as a rule)."""
    assert [module for module in modules() if len(text_of(module).splitlines()) > LARGEST_MODULE] == []


def test_functions_are_small() -> None:
    """A function has at most 50 lines (40 as a rule)."""
    large = [
        (module, node.name)
        for module in modules()
        for node in definitions(module)
        if (node.end_lineno or 0) - node.lineno >= LARGEST_FUNCTION
    ]
    assert large == []


def test_a_module_opens_with_its_one_line() -> None:
    """The docstring of a module begins with one line that ends."""
    said = {module: ast.get_docstring(tree_of(module)) or "" for module in modules()}
    assert [module for module, words in said.items() if not words.partition("\n")[0].endswith(".")] == []


def test_packages_hold_nothing() -> None:
    """An `__init__.py` has its docstring and nothing else."""
    packages = [module for module in modules() if module.endswith("__init__.py")]
    assert len(packages) > 8
    assert [module for module in packages if len(tree_of(module).body) != 1] == []


def test_libraries_have_one_owner() -> None:
    """Each library is used where it belongs and nowhere else."""
    strays = [
        (module, library)
        for module in modules()
        for library in imports_of(module)
        if not module.startswith(OWNERS.get(library, ""))
    ]
    assert strays == []


def test_pydantic_stays_at_the_edges() -> None:
    """Settings, packs and platform input are checked by pydantic; inside there are dataclasses."""
    users = [module for module in modules() if "pydantic" in imports_of(module)]
    assert users
    assert [module for module in users if not PYDANTIC.fullmatch(module)] == []


def test_every_owner_uses_its_library() -> None:
    """No line of the table is out of date."""
    used = {library for module in modules() for library in imports_of(module)}
    assert set(OWNERS) - used <= {"aiosqlite", "sqlite3"}  # spoken to through SQLAlchemy


def test_the_domain_needs_the_standard_library_only() -> None:
    """Nothing in domain/ imports anything from outside Python and itself, nor anything that touches the world."""
    touching = {"asyncio", "logging", "os", "pathlib", "random", "secrets", "socket", "sqlite3", "subprocess", "time"}
    allowed = (sys.stdlib_module_names | {"domain"}) - touching
    domain = [module for module in modules() if module.startswith("domain/")]
    assert [(module, name) for module in domain for name in imports_of(module) if name not in allowed] == []


def test_nothing_is_left_for_later() -> None:
    """No note to oneself: what is open is an issue."""
    note = re.compile(r"#.*\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b")
    assert [file for file in modules() + suite() if note.search(text_of(file))] == []


def test_tests_use_no_mocks() -> None:
    """Fakes keep the real interface; there is no mock library."""
    mocks = {"mock", "unittest", "pytest_mock"}
    assert [(file, name) for file in suite() for name in imports_of(file) if name in mocks] == []


def test_every_test_says_what_it_expects() -> None:
    """A test's docstring is the sentence it holds the code to, unless its name is that sentence already."""
    silent = [
        (file, node.name)
        for file in suite()
        for node in definitions(file)
        if node.name.startswith("test_") and not ast.get_docstring(node) and node.name.count("_") < WORDS_OF_A_SENTENCE
    ]
    assert silent == []


def test_nobody_catches_everything() -> None:
    """Broad handlers stand in the named places only, or raise again; nothing is caught without a name."""
    broad = []
    for module in modules():
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.ExceptHandler):
                names = {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)} if node.type else {""}
                raises = isinstance(node.body[-1], ast.Raise)
                if names & {"", "Exception", "BaseException"} and not raises:
                    broad.append(module)
    assert set(broad) <= CATCHES_ALL


def described() -> dict[str, str]:
    """Return the line of every module in the architecture document."""
    assert ARCHITECTURE.is_file(), "docs/architecture.md is missing: it names every module"
    rows = re.findall(r"^\| `([a-z_/0-9]+\.py)` \| (.+) \|$", ARCHITECTURE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == len(dict(rows)), "a module stands twice in docs/architecture.md"
    return dict(rows)


def test_the_architecture_names_every_module() -> None:
    """Each module but the packages' own has its line, and no line is of a module that is gone."""
    assert set(described()) == {module for module in modules() if not module.endswith("__init__.py")}


def test_the_architecture_says_what_the_modules_say() -> None:
    """The line in the document is the first line of the module."""
    said = {module: (ast.get_docstring(tree_of(module)) or "").partition("\n")[0] for module in modules()}
    lines = described()
    assert {module: lines[module].replace("\\|", "|") for module in lines} == {
        module: words for module, words in said.items() if module in lines
    }


def test_the_imports_are_checked_with_everything_else() -> None:
    """`make test` runs `make check`, which runs format, lint, types and import contracts; CI runs both suites."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert recipe
    assert all(tool in recipe[1] for tool in ("ruff format --check", "ruff check", "mypy", "lint-imports"))
    assert re.search(r"^test:.*\bcheck\b", makefile, re.MULTILINE)
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test" in run
    assert "make test-long" in run


def test_no_import_contract_has_an_exception() -> None:
    """The layers hold without a single ignored import."""
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
