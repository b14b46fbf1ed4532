"""Saved pages: pictures with their captions, whatever the page looks like; files that lie are named or read in part."""

from __future__ import annotations

import gzip
import io
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from fifthfloor.errors import BadInput
from fifthfloor.trace.html_page import ShownPicture, read_page
from fifthfloor.trace.saved import MAX_KEPT_BYTES, frame_of, is_mht, is_warc, picture_of, read_mht, read_warc

PICTURE = b"\xff\xd8picture"


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<figure><img src=a.jpg alt=x><figcaption>At <b>noon</b>\n today</figcaption></figure>", "At noon today"),
        ("<figure><figcaption>Noon</figcaption><img src=a.jpg></figure>", "Noon"),
        ("<div class='wp-caption'><img src=a.jpg><p class='wp-caption-text'>Noon</p></div>", "Noon"),
        ("<img src=a.jpg><div class=photo-Caption>Noon</div><p>Other text", "Noon"),
        ("<p>Text</p><img src=a.jpg alt='A &lt;crowd&gt;'><p>More text", "A <crowd>"),
        ("<img src=a.jpg><p>Text", ""),
        ("<figure><img src=a.jpg><figcaption>Noon<script>no()</script>", "Noon"),
        ("<figure><img src=a.jpg><noscript><img src=a.jpg></noscript><figcaption>Noon</figcaption></figure>", "Noon"),
    ],
)
def test_a_caption_is_what_the_page_calls_one(html: str, shown: str) -> None:
    assert read_page(html.encode()).pictures == (ShownPicture(("a.jpg",), shown),)


def test_the_largest_of_a_picture_comes_first_and_captions_stay_by_their_pictures() -> None:
    page = read_page(
        b"<head><title> Our\n paper </title><base href='https://x.org/'></head>"
        b"<picture><source srcset='s.webp 1x, l.webp 2x'><img src=a.jpg></picture>"
        b"<img data-src=b.jpg src=data:image/gif;base64,R0 srcset='b400.jpg 400w, b1200.jpg 1200w'>"
        b"<figure><img src=c.jpg><img src=d.jpg><figcaption>Both</figcaption></figure><img src=e.jpg>"
    )
    assert (page.title, page.base) == ("Our paper", "https://x.org/")
    assert [one.sources for one in page.pictures] == [
        ("l.webp", "s.webp", "a.jpg"),
        ("b1200.jpg", "b400.jpg", "b.jpg", "data:image/gif;base64,R0"),
        ("c.jpg",),
        ("d.jpg",),
        ("e.jpg",),
    ]
    assert [one.caption for one in page.pictures] == ["", "", "Both", "Both", ""]


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("<img src=a alt=é>".encode("latin-1"), "latin-1"),
        ("<meta charset=windows-1252><img src=a alt=é>".encode("cp1252"), ""),
        ("<img src=a alt=é>".encode(), "no-such-set"),
        ("\ufeff<img src=a alt=é>".encode("utf-16"), ""),
        ("<meta charset=utf-16><img src=a alt=é>".encode(), ""),
        ("<img src=a alt=é>".encode(), "punycode"),
    ],
)
def test_letters_are_read_as_the_page_says(data: bytes, charset: str) -> None:
    assert read_page(data, charset).pictures[0].caption == "é"


@pytest.mark.parametrize(
    ("label", "codec", "letters"),
    [
        ("ISO-8859-1", "cp1252", "“doesn’t”"),
        ("latin1", "cp1252", "€"),
        ("us-ascii", "cp1252", "é"),
        ("iso-8859-9", "cp1254", "€ğ"),
        ("gb2312", "gb18030", "镕"),
        ("Shift_JIS", "cp932", "①"),
        ("ks_c_5601-1987", "cp949", "똠"),
        ("koi8-r", "koi8-r", "толпа"),
        ("x-sjis", "cp932", "①"),
        ("iso-8859-8-i", "iso8859-8", "שלום"),
        ("logical", "iso8859-8", "שלום"),
        ("x-cp1251", "cp1251", "толпа"),
        ("koi8-ru", "koi8-u", "ґ"),
        ("x-mac-cyrillic", "mac-cyrillic", "толпа"),
        ("macintosh", "mac-roman", "“é”"),
        ("x-x-big5", "big5hkscs", "群"),
    ],
)
def test_an_older_label_means_the_larger_set_as_in_browsers(label: str, codec: str, letters: str) -> None:
    html = f"<meta charset='{label}'><img src=a alt={letters}>".encode(codec)
    assert read_page(html).pictures[0].caption == letters
    assert read_page(html.split(b">", 1)[1], label).pictures[0].caption == letters


def test_of_endless_sizes_of_a_picture_some_are_looked_for() -> None:
    endless = b", ".join(b"%d.jpg %dw" % (n, n) for n in range(1, 100_000))
    ((picture,),) = (read_page(b"<img src=a.jpg srcset='" + endless + b"'>").pictures,)
    assert len(picture.sources) < 200
    assert picture.sources[-1] == "a.jpg"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"<figure><img src=", b"<img srcset=", b"<div class=caption>", b""]))
def test_any_bytes_are_a_page(data: bytes, begin: bytes) -> None:
    read_page(begin + data + b"<img src=last>")


def test_depth_and_length_are_bounded() -> None:
    page = read_page(b"<div class=caption>" * 5000 + b"<img src=a>" + b"word " * 3000)
    assert len(page.pictures) == 1
    assert len(page.pictures[0].caption) <= 4000


def mht() -> bytes:
    whole = EmailMessage()
    whole["Subject"] = "saved"
    whole.set_content(
        "<img src='a.jpg?x=1'><img src='cid:two'>", subtype="html", charset="utf-8", cte="quoted-printable"
    )
    whole.make_related()
    parts = list(whole.iter_parts())
    parts[0]["Content-Location"] = "https://x.org/p/index.html"
    whole.add_related(PICTURE, "image", "jpeg", headers=["Content-Location: https://x.org/p/a.jpg?x=1"])
    whole.add_related(PICTURE + b"2", "image", "jpeg", cid="<two>")
    return whole.as_bytes()


def test_a_page_in_one_file_has_its_pictures() -> None:
    assert is_mht(mht())
    saved = read_mht(mht())
    sources = [one.sources[0] for one in read_page(saved.html, saved.charset).pictures]
    assert [picture_of(saved, "", source) for source in sources] == [PICTURE, PICTURE + b"2"]
    assert picture_of(saved, "", "http://[broken") is None


def test_a_page_in_one_file_may_be_xhtml_and_have_pages_in_frames() -> None:
    whole = EmailMessage()
    whole.make_related()
    for kind, headers, text in (
        (
            "application/xhtml+xml",
            ["Content-Location: https://x.org/"],
            "<p/><iframe src='cid:f@x'/><img src='a.jpg'/>",
        ),
        ("text/html", ["Content-ID: <f@x>", "Content-Location: https://y.org/in/"], "<img src=a.jpg>"),
    ):
        whole.add_related(text.encode(), *kind.split("/"), headers=headers)
    whole.add_related(PICTURE, "image", "jpeg", headers=["Content-Location: https://x.org/a.jpg"])
    whole.add_related(PICTURE + b"2", "image", "jpeg", headers=["Content-Location: https://y.org/in/a.jpg"])
    saved = read_mht(whole.as_bytes())
    page = read_page(saved.html, saved.charset, is_xml=saved.is_xml)
    frame = frame_of(saved, page.base, page.frames[0].address)
    assert frame is not None
    assert [picture_of(one, "", "a.jpg") for one in (saved, frame)] == [PICTURE, PICTURE + b"2"]


def warc(*, packed: bool, answers: dict[str, tuple[str, bytes, list[tuple[str, str]]]]) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    writer._create_temp_file = io.BytesIO  # its own ones stay open
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "test"}))
    for address, (kind, body, more) in answers.items():
        head = StatusAndHeaders("200 OK", [("Content-Type", kind), *more], protocol="HTTP/1.1")
        record = writer.create_warc_record(address, "response", payload=io.BytesIO(body), http_headers=head)
        writer.write_record(record)
    return out.getvalue()


CHUNKED = b"4;x=y\r\n" + PICTURE[:4] + b"\r\n%x\r\n" % (len(PICTURE) - 4) + PICTURE[4:] + b"\r\n0\r\n\r\n"
ANSWERS: dict[str, tuple[str, bytes, list[tuple[str, str]]]] = {
    "https://x.org/p/": (
        "text/html; charset=latin-1",
        gzip.compress("<img src=a.jpg alt=é><img src=/b.jpg><img src=c.jpg>".encode("latin-1")),
        [("Content-Encoding", "gzip")],
    ),
    "https://x.org/p/a.jpg": ("image/jpeg", PICTURE, []),
    "https://x.org/b.jpg": ("image/jpeg", CHUNKED, [("Transfer-Encoding", "chunked")]),
    "https://x.org/p/c.jpg": ("image/jpeg", b"\x0b", [("Content-Encoding", "br")]),
}


ADDRESSED = """<meta charset=utf-8><img src='/bild größe.jpg'><img src='//E.example:443/c.jpg'>
<img src='HTTPS://MÜLLER.example/d.jpg?q=a b&amp;r=ü'><img src='/%c3%a4.jpg#top'>"""


def test_addresses_are_compared_as_browsers_ask_for_them() -> None:
    kept = (
        "https://x.org/bild%20gr%C3%B6%C3%9Fe.jpg",
        "https://e.example/c.jpg",
        "https://xn--mller-kva.example/d.jpg?q=a%20b&r=%C3%BC",
        "https://x.org/%C3%A4.jpg",
    )
    page: dict[str, tuple[str, bytes, list[tuple[str, str]]]] = {
        "https://x.org/p/": ("text/html", ADDRESSED.encode(), [])
    }
    for number, address in enumerate(kept):
        page[address] = ("application/octet-stream", b"\xff\xd8\xff%d" % number, [])
    (saved,) = read_warc(io.BytesIO(warc(packed=False, answers=page)))
    sources = [one.sources[0] for one in read_page(saved.html).pictures]
    assert [picture_of(saved, "", one) for one in sources] == [b"\xff\xd8\xff%d" % number for number in range(4)]


def test_a_picture_behind_redirections_or_kept_once_is_there() -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    writer._create_temp_file = io.BytesIO

    def add(address: str, status: str, headers: list[tuple[str, str]], body: bytes = b"") -> None:
        head = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(address, "response", io.BytesIO(body), http_headers=head))

    add("https://x.org/", "200 OK", [("Content-Type", "text/html")], b"<img src=a><img src=b><img src=loop>")
    add("https://x.org/a", "302 Found", [("Location", "/moved")])
    add("https://x.org/moved", "301 Moved Permanently", [("Location", "https://cdn.example/a.jpg")])
    add("https://cdn.example/a.jpg", "200 OK", [("Content-Type", "binary/octet-stream")], b"\xff\xd8\xffa")
    add("https://x.org/c", "206 Partial Content", [("Content-Range", "bytes 0-3/4")], b"\xff\xd8\xffc")
    add("https://x.org/d", "206 Partial Content", [("Content-Range", "bytes 0-3/9")], b"\xff\xd8\xffd")
    add("https://x.org/loop", "302 Found", [("Location", "/loop")])
    writer.write_record(
        writer.create_revisit_record(
            "https://x.org/b", "sha1:AAAA", "https://cdn.example/a.jpg", "2026-11-30T00:00:00Z",
            http_headers=StatusAndHeaders("200 OK", [("Content-Type", "image/jpeg")], protocol="HTTP/1.1"),
        )
    )  # fmt: skip
    (saved,) = read_warc(io.BytesIO(out.getvalue()))
    assert [picture_of(saved, "", name) for name in ("a", "b", "c", "d", "loop")] == [
        b"\xff\xd8\xffa", b"\xff\xd8\xffa", b"\xff\xd8\xffc", None, None
    ]  # fmt: skip


def test_a_length_of_thousands_of_digits_ends_that_file_alone() -> None:
    data = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n"
    assert read_or_name(data) == "trace.page_empty"
    page = warc(packed=False, answers={"https://x.org/": ("text/html", b"x", [])})
    assert read_or_name(page + data) == "1 page"


@pytest.mark.parametrize("packed", [True, False])
def test_a_web_archive_has_its_pages_with_their_pictures(packed: bool) -> None:
    data = warc(packed=packed, answers=ANSWERS)
    assert is_warc(data)
    (saved,) = read_warc(io.BytesIO(data))
    pictures = read_page(saved.html, saved.charset).pictures
    assert [one.caption for one in pictures] == ["é", "", ""]
    assert [picture_of(saved, "", one.sources[0]) for one in pictures] == [PICTURE, PICTURE, None]


def read_or_name(data: bytes) -> str:
    try:
        return f"{len(read_warc(io.BytesIO(data)))} page"
    except BadInput as error:
        return error.key


@pytest.mark.parametrize("packed", [True, False])
def test_a_cut_or_lying_web_archive_gives_what_is_there_or_is_named(packed: bool) -> None:
    data = warc(packed=packed, answers=ANSWERS)
    found = {read_or_name(data[:length]) for length in range(0, len(data), max(1, len(data) // 60))}
    assert found == {"1 page", "trace.page_broken" if packed else "trace.page_empty", "trace.page_empty"}
    lying = data.replace(b"Content-Length: ", b"Content-Length: 9") if not packed else data[:40] + b"\0" * 500
    with pytest.raises(BadInput):
        read_warc(io.BytesIO(lying))


def test_a_web_archive_that_unpacks_to_too_much_is_not_held() -> None:
    bomb = gzip.compress(bytes(64 << 20), 9)
    assert len(bomb) < 1 << 20
    many = {f"https://x.org/{n}": ("image/png", bomb, [("Content-Encoding", "gzip")]) for n in range(3)}
    page: dict[str, tuple[str, bytes, list[tuple[str, str]]]] = {"https://x.org/": ("text/html", b"<img src=0>", [])}
    data = warc(packed=True, answers=page | many)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fifthfloor.trace.saved.MAX_KEPT_BYTES", 100 << 20)
        with pytest.raises(BadInput) as refused:
            read_warc(io.BytesIO(data))
    assert refused.value.key == "trace.page_large"
    assert MAX_KEPT_BYTES == 512 << 20


@pytest.mark.parametrize("data", [b"", b"Content-Type: multipart/related; boundary=a\n\n--a\n\n--a--", b"\0" * 100])
def test_what_holds_no_page_is_named(data: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        read_mht(data)
    assert refused.value.key == "trace.page_empty"


def test_letters_that_nothing_is_said_of_are_read_as_utf8_or_as_browsers_do() -> None:
    def read(html: bytes) -> str:
        return read_page(b"<img src=a alt='" + html).pictures[0].caption

    assert read("Größe „q“'>".encode()) == "Größe „q“"
    assert read("Größe „q“'>".encode("cp1252")) == "Größe „q“"
    assert read("Größe ".encode() + b"\xff'>") == "Größe \ufffd", "one of many is damaged"
