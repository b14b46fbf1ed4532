"""Every page of the desk in a real Chromium: axe, a telephone, light and dark, a weight, and each control's name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.desk.at_desk import Visitor, at_screen, chromium, open_desk
from tests.desk.looks import assert_looks_right
from tests.desk.test_road import PHRASE, shooting_card
from tests.tasks.cards_at_hand import fat32_card, roll
from tests.tasks.quick import quick_argon2id

from fifthfloor.desk.server import Serving
from fifthfloor.tasks import secret

__all__ = ["chromium"]
pytestmark = pytest.mark.judge("chromium")

MOST_PAGE_BYTES = 200_000
# Pages that are made on the way; the address of each is found while the desk is prepared.
PAGES = ("/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8", "/nowhere", "sheet", "where", "looked", "audit", "recover",
         "tidy asks", "hide asks", "check done", "failed")  # fmt: skip


@pytest.fixture(scope="module", name="made")
def desk_with_everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("looks")
    fat32_card(folder / "a.img", 1, size_bytes=36_000_000, files=3)
    shooting_card(folder / "camera.img", 12, 2)
    shooting_card(folder / "other.img", 3, 1)
    roll(folder / "roll", megabytes=0.2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secret, "KDF", quick_argon2id)
        with open_desk(folder) as serving:
            yield serving, addresses(serving, folder)


def addresses(serving: Serving, folder: Path) -> dict[str, str]:
    """Go to every page once, without letting anybody in: the browser comes with the launch token afterwards."""
    visitor = Visitor(serving)
    serving.desk.door._cookie = "0" * 64
    visitor.cookie = f"desk={serving.desk.door._cookie}"
    camera, other, card = (("card", visitor.id_of(folder / f"{name}.img")) for name in ("camera", "other", "a"))
    found: dict[str, str] = {}

    def kept(name: str) -> None:
        found[name] = visitor.sent[-1]

    visitor.post("/2", [camera])
    kept("sheet")
    visitor.post(found["sheet"], [("f", "0"), ("f", "1")])
    kept("where")
    for name, address, fields in (("looked", "/1", [camera]), ("audit", "/5", [camera]), ("recover", "/6", [camera])):
        visitor.work(address, fields)
        kept(name)
    visitor.work("/3", [card, ("passphrase", "nobody hid with this")])
    kept("failed")
    visitor.work(found["where"], [card, ("lose", "0"), ("overwrite", "10"), *PHRASE])
    kept("hide asks")
    visitor.answer("yes")
    visitor.work("/3", [card, PHRASE[0]])
    kept("check done")
    visitor.work("/7", [other])
    kept("tidy asks")
    visitor.post("/2", [camera])
    visitor.post(visitor.sent[-1], [("f", "0")])
    # A question waits; one writes at a time, so that of Tidy is answered before Hide asks anew.
    visitor.serving.desk.door._cookie = ""
    return found


@pytest.fixture(scope="module", name="context")
def let_in(browser: Any, made: tuple[Serving, dict[str, str]]) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1180, "height": 820}, bypass_csp=True)
    page = context.new_page()
    page.goto(made[0].address)
    yield context
    context.close()


def weight(response: Any) -> int:
    """Bytes of what the desk adds; photographs weigh what they weigh."""
    is_photograph = response.headers.get("content-type") == "image/jpeg"
    return 0 if is_photograph or not response.ok else len(response.body())


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_every_control_has_a_name_and_the_page_is_light(
    context: Any, made: tuple[Serving, dict[str, str]], name: str
) -> None:
    serving, found = made
    page = context.new_page()
    weights: list[int] = []
    page.on("response", lambda response: weights.append(weight(response)))
    page.emulate_media(color_scheme="light")
    page.goto(serving.desk.door.origin + found.get(name, name))
    page.wait_for_load_state("networkidle")
    assert_looks_right(page)
    assert sum(weights) < MOST_PAGE_BYTES
    page.close()


def test_a_page_complains_of_nothing_under_its_own_policy(browser: Any, tmp_path: Path) -> None:
    shooting_card(tmp_path / "camera.img", 2, 1)
    with open_desk(tmp_path) as serving, at_screen(browser, serving) as page:
        for number in range(1, 9):
            page.goto(f"{serving.desk.door.origin}/{number}")
            page.wait_for_load_state("networkidle")
            assert page.title() == "Desk", "a title goes into the history"
