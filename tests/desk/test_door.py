"""Who comes in, and what is refused: each promise of docs/threat-model/desk.md with a request that breaks it."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cards.cards_made import fat_card
from tests.desk.at_desk import OWN, Visitor, open_desk

from fifthfloor.desk.address import STATIC_AT
from fifthfloor.desk.asked import MOST_FORM_BYTES
from fifthfloor.desk.server import Serving
from fifthfloor.desk.ways import WAYS
from fifthfloor.errors import BadInput

PHRASE = "a passphrase that must be nowhere"
POLICY = [
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self'",
    "require-trusted-types-for 'script'",
    "script-src 'self'",
    "style-src 'self'",
    "trusted-types 'none'",
]
HOSTILE = [
    "<img src=x onerror=alert(1)>.img",
    "a' onmouseover='x.img",
    "{{ 7 * 7 }}.img",
    "\u202egmi.exe\u2066.img",
    "%3Cscript%3E.img",
]


@pytest.fixture(scope="module", name="serving")
def desk_of_one_card(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("desk")
    fat_card(folder / "card.img")
    with open_desk(folder) as serving:
        Visitor(serving)
        yield serving


@pytest.fixture(scope="module", name="visitor")
def let_in(serving: Serving) -> Visitor:
    return Visitor(serving).come_in()


def test_it_listens_on_loopback_alone_at_another_port_each_time(serving: Serving, tmp_path: Path) -> None:
    host, port = serving.desk.door.host.split(":")
    assert host == "127.0.0.1"
    with open_desk(tmp_path) as other:
        assert other.desk.door.host != serving.desk.door.host
    own = [info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    for address in {str(one) for one in own} - {"127.0.0.1"}:
        if not address.startswith("127."):
            with pytest.raises(OSError), socket.create_connection((address, int(port)), timeout=5):
                pass


def test_a_port_that_is_taken_is_said(serving: Serving, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        Serving(tmp_path, [], int(serving.desk.door.host.split(":")[1]))
    assert refused.value.key == "desk.port"


def test_the_launch_token_opens_once_and_leaves_the_address(tmp_path: Path) -> None:
    with open_desk(tmp_path) as serving:
        path = serving.address.removeprefix(serving.desk.door.origin)
        stranger = Visitor(serving)
        assert stranger.get("/1").status == 403
        assert stranger.get("/in/" + "0" * 64).status == 403
        first = stranger.get(path)
        assert (first.status, first.headers["location"]) == (303, "/")
        cookie = first.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "domain" not in cookie
        assert "expires" not in cookie
        assert "max-age" not in cookie
        assert stranger.get(path).status == 403, "whoever comes second is not let in"
        assert Visitor(serving, "desk=" + "0" * 64).get("/1").status == 403


def test_whoever_closed_the_browser_comes_in_by_another_address_and_the_old_cookie_ends(tmp_path: Path) -> None:
    by_hand = {"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document"}
    with open_desk(tmp_path) as serving:
        door = serving.desk.door
        used = serving.address.removeprefix(door.origin)
        before = Visitor(serving).come_in()
        for path in ("/1", "/", used):
            lost = Visitor(serving).get(path, by_hand)
            assert (lost.status, "press enter in the window" in lost.said.lower()) == (403, True), path
        door.renew()
        assert before.get("/1").status == 200, "nobody is shut out by an address that nobody used"
        again = Visitor(serving).come_in()
        assert (again.get("/1").status, before.get("/1").status) == (200, 403)
        assert Visitor(serving).get(used).status == 403
        serving.desk.panic()
        door.renew()
        assert Visitor(serving).get(serving.address.removeprefix(door.origin)).status == 403


def test_a_token_that_waited_too_long_opens_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fifthfloor.desk.door.LAUNCH_SECONDS", -1)
    with open_desk(tmp_path) as serving:
        assert Visitor(serving).get(serving.address.removeprefix(serving.desk.door.origin)).status == 403


@pytest.mark.parametrize("host", ["evil.example", "localhost:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", ""])
def test_another_host_is_refused_whoever_asks(visitor: Visitor, host: str) -> None:
    port = visitor.host.split(":")[1]
    assert visitor.get("/1", {"Host": host.format(port=port)}).status in (400, 421)
    assert visitor.get(STATIC_AT["desk.css"], {"Host": host.format(port=port)}).status in (400, 421)


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example"},
     {"Origin": "null"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}, {"Origin": "http://127.0.0.1:1"}],
)  # fmt: skip
def test_pages_of_others_neither_read_nor_write(visitor: Visitor, headers: dict[str, str]) -> None:
    body = f"token={visitor.csrf}&card={visitor.id_of(Path('x'))}".encode()
    for way in WAYS:
        path = way.path.replace("{job}", "0")
        if way.method == "POST":
            assert visitor.ask("POST", path, headers, body).status == 403, path
        elif headers != {"Origin": "null"}:
            assert visitor.ask("GET", path, headers).status == 403, path
    assert visitor.ask("POST", "/x", headers, body).status == 403
    assert not visitor.serving.desk.ended.is_set()


def test_without_the_cookie_nothing_is_answered(visitor: Visitor) -> None:
    visitor.work("/1", [("card", visitor.id_of(visitor.serving.desk.places.folder / "card.img"))])
    job = visitor.sent[-1]
    reads = [way.path.replace("/j/{job}", job) for way in WAYS if way.method == "GET"]
    for stranger in (Visitor(visitor.serving), Visitor(visitor.serving, "desk=" + "0" * 64)):
        launch = "/in/" + "0" * 64
        for path in (
            *reads,
            "/",
            "/nowhere",
            STATIC_AT["desk.css"],
            f"{job}/events",
            "/in/",
            "/in/0",
            f"{launch}/1",
            launch,
        ):
            got = stranger.get(path)
            assert (got.status, got.body) == (403, b""), path
        for path in ("/x", "/1/i", launch, *(way.path for way in WAYS if way.method == "POST")):
            got = stranger.ask("POST", path, OWN, f"token={visitor.csrf}".encode())
            assert (got.status, got.body) == (403, b""), path
    assert visitor.get(f"{job}/events").status == 200
    assert not visitor.serving.desk.ended.is_set()


def test_a_form_without_its_token_does_nothing(visitor: Visitor) -> None:
    for way in (*(way.path.replace("{job}", "0") for way in WAYS if way.method == "POST"), "/x"):
        for body in (b"", b"token=", b"token=0", b"token=" + b"0" * 64):
            got = visitor.ask("POST", way, OWN, body)
            assert (got.status, way == "/x" or "not sent by one of these pages" in got.said) == (403, True), way
    assert not visitor.serving.desk.ended.is_set()


def test_every_answer_forbids_scripts_of_others_frames_caches_and_referrers(visitor: Visitor) -> None:
    stranger = Visitor(visitor.serving)
    answers = [
        visitor.get(path)
        for path in ("/1", STATIC_AT["desk.css"], STATIC_AT["desk.js"], "/nowhere", "/j/0", "/j/0/events")
    ]
    for got in [*answers, stranger.get("/1"), visitor.get("/1", {"Host": "evil.example"})]:
        policy = got.headers["content-security-policy"].split("; ")
        assert sorted(policy) == POLICY
        assert got.headers["cache-control"] == "no-store"
        assert got.headers["referrer-policy"] == "no-referrer"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["x-frame-options"] == "DENY"
        assert got.headers["cross-origin-opener-policy"] == "same-origin"
        assert got.headers["cross-origin-resource-policy"] == "same-origin"
        assert got.headers["cross-origin-embedder-policy"] == "require-corp"
        assert "server" not in got.headers


def test_no_page_has_a_script_a_style_or_a_handler_within(visitor: Visitor) -> None:
    for path in sorted({way.path for way in WAYS if way.method == "GET" and "{" not in way.path}):
        text = visitor.get(path).text
        assert " style=" not in text
        assert "<style" not in text
        assert "<script>" not in text
        assert " on" not in {part[:3] for part in text.split('"')[::2]} or "onclick" not in text
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in text


def test_what_is_sent_is_bounded(visitor: Visitor) -> None:
    got = visitor.ask("POST", "/1", OWN, b"token=" + visitor.csrf.encode() + b"&x=" + b"a" * MOST_FORM_BYTES)
    assert got.status == 400
    many = b"&".join([b"a=1"] * 30_000)
    assert visitor.ask("POST", "/1", OWN, b"token=" + visitor.csrf.encode() + b"&" + many).status == 400


@pytest.mark.parametrize(
    "typed", ["/etc", "../x", "a/../../x", "link", "link/deeper", "inner/../../other", "\0", "/proc/self/mem"]
)
def test_no_path_leads_out_of_the_folder(tmp_path: Path, typed: str) -> None:
    from fifthfloor.desk.places import Places

    (tmp_path / "desk" / "inner").mkdir(parents=True)
    (tmp_path / "desk" / "link").symlink_to(tmp_path)
    places = Places(tmp_path / "desk", [], b"seed")
    assert places.inside("inner") == (tmp_path / "desk" / "inner").resolve()
    with pytest.raises(BadInput) as refused:
        places.inside(typed)
    assert refused.value.key in ("desk.outside", "desk.link")


def test_what_was_named_may_be_chosen_and_links_are_not_listed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "desk", tmp_path / "elsewhere"
    folder.mkdir()
    outside.mkdir()
    fat_card(outside / "secret.img")
    fat_card(outside / "named.img")
    (folder / "inner").mkdir()
    for link in (folder / "link.img", folder / "inner" / "link.img"):
        link.symlink_to(outside / "secret.img")
    (folder / "linked").symlink_to(outside)
    with open_desk(folder, outside / "named.img") as serving:
        said = Visitor(serving).come_in().get("/1").said
        places = serving.desk.places
        assert (list(places.images()), list(places.folders())) == ([outside / "named.img"], [places.folder / "inner"])
    assert "named.img" in said
    assert "link.img" not in said
    assert "secret.img" not in said


@pytest.mark.parametrize("what", ["card", "folder"])
def test_a_link_that_was_put_there_later_is_not_followed(tmp_path: Path, what: str) -> None:
    folder, outside = tmp_path / "desk", tmp_path / "elsewhere"
    for parent in (folder / "inner", outside):
        parent.mkdir(parents=True)
        fat_card(parent / "card.img")
    with open_desk(folder) as serving:
        visitor = Visitor(serving).come_in()
        for path in ("/1", "/8", "/5", "/2"):
            visitor.get(path)
        draft = serving.desk.keep_draft("what is being chosen", folder / "inner")
        before = (outside / "card.img").read_bytes()
        (folder / "inner").rename(folder / "gone")
        (folder / "inner").symlink_to(outside)
        place = visitor.id_of(folder / "inner" / "card.img" if what == "card" else folder / "inner")
        for path in ("/8", "/5", "/2"):
            got = visitor.post(path, [("card", place)])
            assert (got.status, "a link" in got.said) == (400, True), (path, got.said)
        with pytest.raises(BadInput, match=r"desk\.link"):
            serving.desk.draft(draft, object)
        assert (outside / "card.img").read_bytes() == before


def test_names_are_never_markup(tmp_path: Path) -> None:
    for name in HOSTILE:
        fat_card(tmp_path / name.replace("/", "_"))
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        text = visitor.get("/1").text
        first = visitor.id_of(serving.desk.places.folder / HOSTILE[0])
        looked = visitor.work("/1", [("card", first)])
    assert looked.status == 200
    for page in (text, looked.text):
        assert "<img src=x" not in page
        assert "onmouseover='x" not in page
        assert ">49.img" not in page
        assert "\u202e" not in page
    assert "&lt;img src=x" in text
    assert "\\u202e" in text


def test_a_passphrase_is_in_no_address_log_or_kept_field(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fields = [("card", "unknown"), ("passphrase", PHRASE), ("label", PHRASE)]
    for way in (way for way in WAYS if way.method == "POST"):
        got = visitor.ask(
            "POST",
            way.path.replace("{job}", "0"),
            OWN,
            b"token=" + visitor.csrf.encode() + b"&passphrase=" + PHRASE.replace(" ", "+").encode(),
        )
        assert PHRASE not in got.text
        assert PHRASE not in str(got.headers)
        assert (
            visitor.get(way.path.replace("{job}", "0") + "?passphrase=" + PHRASE.replace(" ", "+")).text.count(PHRASE)
            == 0
        )
    del fields
    assert PHRASE not in caplog.text
    for path in sorted({way.path for way in WAYS if way.method == "GET" and "{" not in way.path}):
        for field in visitor.get(path).text.split("<input")[1:]:
            tag = field.split(">")[0]
            if 'type="password"' in tag:
                assert 'autocomplete="off"' in tag
                assert "value=" not in tag
                assert 'spellcheck="false"' in tag
