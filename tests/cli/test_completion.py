"""What a shell is told when somebody presses the tabulator: commands, options, files; nobody is asked anything."""

from __future__ import annotations

import pytest
from click.shell_completion import get_completion_class

from fifthfloor.cli import walk
from fifthfloor.cli.group import COMMANDS, fifthfloor


def completed(shell: str, before: list[str], begun: str) -> list[str]:
    kind = get_completion_class(shell)
    assert kind is not None
    return [item.value for item in kind(fifthfloor, {}, "fifthfloor", "_X").get_completions(before, begun)]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_first_word_is_a_command(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # At a terminal the bare command begins to ask; while a shell waits for an answer it must not.
    monkeypatch.setattr(walk, "can_ask", lambda: pytest.fail("asked"))
    assert completed(shell, [], "hi") == ["hide"]
    assert set(completed(shell, [], "")) >= set(COMMANDS)
    assert completed(shell, ["identity"], "n") == ["new"]


def test_options_and_files_follow() -> None:
    assert completed("bash", ["hide", "DCIM"], "--los") == ["--lose", "--lose-photos"]
    assert completed("bash", ["wipe"], "/dev/sd") == ["/dev/sd"]  # the shell looks for the file
