"""A command for home says what is missing on the road."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata
from importlib.metadata import packages_distributions
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from tests.outside import REPOSITORY
from tests.test_layers import imports

from fifthfloor.cli.outcome import run
from fifthfloor.words import error, installed
from fifthfloor.words.lines.extras import extra_of, modules_of_extras


def command(missing: str) -> click.Command:
    def body() -> None:
        raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)

    return click.Command("home", callback=body)


def test_of_sources_that_nobody_installed_all_is_missing_that_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """They ended with "the program made a mistake"."""

    def nobody(_name: str) -> list[str]:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "requires", nobody)
    assert extra_of(ModuleNotFoundError(name="jinja2")) == ("jinja2", "home")
    assert extra_of(ModuleNotFoundError(name="fifthfloor.nothing")) is None


def test_a_package_of_the_extra_is_named_with_the_way_to_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command("rfc3161_client.tsp"), []) == 3
    said = capsys.readouterr().err
    assert "needs rfc3161_client" in said
    assert "[home]" in said


WHEEL = "fifthfloor-0.1.0-py3-none-any.whl"
HERE = {"pip"}  # of the packages that are asked for


@pytest.fixture(autouse=True)
def packages(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """A place where nothing of the extras is; what is added to it is there."""
    here = set(HERE)
    monkeypatch.setattr(installed, "find_spec", lambda name: name if name in here else None)
    return here


def test_what_is_here_already_is_asked_for_again(packages: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The hint of one took the other away, and what needs both was never led to."""
    monkeypatch.setattr(installed, "_noted", dict)
    packages.add("distributed")
    assert f"{WHEEL}[home,cluster,stores]'" in error("cli.extra_missing", {"package": "s3fs", "extra": "stores"})[1]
    packages.add("s3fs")
    assert f"{WHEEL}[home,cluster,stores]'" in error("cli.extra_missing", {"package": "PIL", "extra": "home"})[1]


def test_a_place_without_a_pip_is_added_to_by_uv(packages: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "_noted", dict)
    packages.remove("pip")
    hint = error("cli.extra_missing", {"package": "PIL", "extra": "home"})[1]
    assert hint.endswith(f"uv pip install --python {sys.executable} './{WHEEL}[home]'")


@pytest.mark.parametrize(
    ("beside", "hint"),
    [
        ("uv-receipt.toml", "uv tool install {what}"),
        ("pipx_metadata.json", "pipx install --force {what}"),
        ("pyvenv.cfg", f"{sys.executable} -m pip install {{what}}"),
    ],
)
def test_the_way_to_get_it_is_that_of_whatever_put_the_program_here(
    beside: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was `pip install 'fifthfloor[home]'`: no registry has it, and that pip is of another Python."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    (tmp_path / beside).touch()
    monkeypatch.setattr(installed, "_noted", lambda: {"url": (tmp_path / "a b" / WHEEL).as_uri()})
    lacks = {"package": "PIL", "extra": "home"}
    gone = error("cli.extra_missing", lacks)[1]
    assert gone == "in the folder where its wheel lies: " + hint.format(what=f"'./{WHEEL}[home]'")
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / WHEEL).touch()
    assert error("cli.extra_missing", lacks)[1] == hint.format(what=f"'{tmp_path}/a b/{WHEEL}[home]'")
    both = error("cli.extra_missing", {"package": "s3fs", "extra": "stores"})[1]
    assert both.endswith(f"{WHEEL}[home,stores]'"), "what is asked for is all that uv and pipx leave"
    for key in ("jpeg.no_numba", "redact.no_heif"):
        assert error(key, {"extra": "home"})[1] == hint.format(what=f"'{tmp_path}/a b/{WHEEL}[home]'")


def test_the_folder_for_a_stick_sends_to_a_computer_that_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(installed, "_noted", dict)
    monkeypatch.setattr(installed, "__file__", str(tmp_path / "lib/any/fifthfloor/words/installed.py"))
    (tmp_path / "files.sha256").touch()
    hint = error("cli.extra_missing", {"package": "PIL", "extra": "home"})[1]
    assert "on a computer that stays" in hint
    assert f"uv tool install './{WHEEL}[home]', or pipx install './{WHEEL}[home]'" in hint


def test_sources_that_are_installed_where_they_lie_stay_so(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = {"url": REPOSITORY.as_uri(), "dir_info": {"editable": True}}
    monkeypatch.setattr(installed, "_noted", lambda: noted)
    hint = error("cli.extra_missing", {"package": "PIL", "extra": "home"})[1]
    assert hint == f"{sys.executable} -m pip install --editable '{REPOSITORY}[home]'"


def test_a_note_that_says_nothing_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("", "[]", '{"url": 7}', "{", '{"url": "https://example.org/a.whl"}'):
        noted = SimpleNamespace(read_text=lambda _name, text=text: text)
        monkeypatch.setattr(metadata, "distribution", lambda _name, noted=noted: noted)
        assert f"'./{WHEEL}[desk]'" in error("cli.extra_missing", {"package": "uvicorn", "extra": "desk"})[1]


def test_any_other_missing_module_is_our_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command("fifthfloor.nothing"), []) == 70
    assert "the program made a mistake" in capsys.readouterr().err


def normal(name: str) -> str:
    """A distribution's name as installers compare it: `pi-heif` calls itself `pi_heif`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_package_of_every_extra_is_known_by_the_name_it_is_imported_by() -> None:
    asked = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: wanted for name, wanted in asked["optional-dependencies"].items() if name != "dev"}
    imported = packages_distributions()
    for extra, wanted in extras.items():
        for requirement in wanted:
            distribution = normal(re.split(r"[\[<>=;, ]", requirement)[0])
            modules = {module for module, names in imported.items() if distribution in map(normal, names)}
            assert modules, f"{distribution} is not installed here"
            known = {module for module, brought_by in modules_of_extras().items() if extra in brought_by}
            assert modules & known, f"{extra}: {distribution} is imported as {modules}"


def test_whatever_the_program_imports_is_of_the_base_install_or_of_an_extra() -> None:
    """What a package brings along, and we import, is missing first where an import stands above another."""
    asked = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    base = {normal(re.split(r"[\[<>=;, ]", requirement)[0]) for requirement in asked["dependencies"]} | {"fifthfloor"}
    unknown = {}
    for file in (REPOSITORY / "src").rglob("*.py"):
        imported = {name.partition(".")[0] for name in imports(file)}
        unknown[str(file)] = imported - base - sys.stdlib_module_names - modules_of_extras().keys()
    assert not {file: modules for file, modules in unknown.items() if modules}


@pytest.mark.parametrize(
    ("part", "extra"), [("desk.pages", "desk"), ("essay.tellings", "home"), ("trace.kernels", "home")]
)
def test_of_two_extras_the_one_of_the_part_that_asked_is_named(part: str, extra: str) -> None:
    with pytest.raises(ModuleNotFoundError) as caught:
        exec("raise ModuleNotFoundError(name='markupsafe')", {"__name__": f"fifthfloor.{part}"})
    assert extra_of(caught.value) == ("markupsafe", extra)


def test_a_module_of_the_base_install_is_of_no_extra() -> None:
    assert not modules_of_extras().keys() & {"numpy", "cryptography", "nacl", "click", "fifthfloor", "pytest"}
