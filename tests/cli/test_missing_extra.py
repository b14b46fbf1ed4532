"""A command for home says what is missing on the road."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import packages_distributions

import click
import pytest
from tests.outside import REPOSITORY

from fifthfloor.cli.outcome import run
from fifthfloor.words.lines.extras import modules_of_extras


def command(missing: str) -> click.Command:
    def body() -> None:
        raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)

    return click.Command("home", callback=body)


def test_a_package_of_the_extra_is_named_with_the_way_to_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command("rfc3161_client.tsp"), []) == 3
    said = capsys.readouterr().err
    assert "needs rfc3161_client" in said
    assert "fifthfloor[home]" in said


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
            assert modules & modules_of_extras().keys(), f"{extra}: {distribution} is imported as {modules}"
    assert len(modules_of_extras()) <= sum(map(len, extras.values()))


def test_a_module_of_the_base_install_is_of_no_extra() -> None:
    assert not modules_of_extras().keys() & {"numpy", "cryptography", "nacl", "click", "fifthfloor", "pytest"}
