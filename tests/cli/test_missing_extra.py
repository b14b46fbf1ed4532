"""A command for home says what is missing on the road."""

from __future__ import annotations

import click
import pytest

from fifthfloor.cli.outcome import run


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
