"""C2PA: the statement in a manifest that others read, and nothing of the original in it."""

from __future__ import annotations

import base64
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import c2pa
import iscc_core
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image
from tests.jpeg.pictures import jpeg
from tests.statement.stories import signed
from tests.trace.scenes import jpeg as drawn_jpeg
from tests.trace.scenes import scene

from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.errors import BadInput
from fifthfloor.identity import SigningKey
from fifthfloor.jpeg.canonical import canonicalise
from fifthfloor.redact.boxes import Box
from fifthfloor.statement.c2pa import Newsroom, Origin, embed, embedded_statement
from fifthfloor.statement.verify import verify
from fifthfloor.tasks.people.prove import Signed, Signer, SignIntent, sign_files
from fifthfloor.trace.likeness import soft_binding_of


def newsroom(kind: str = "es256") -> tuple[bytes, bytes]:
    """Make a root, and a certificate with its key as C2PA wants them."""
    keys: dict[str, Any] = {
        "es256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "es384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "ps256": lambda: rsa.generate_private_key(65537, 2048),
    }
    root_key, key = ec.generate_private_key(ec.SECP256R1()), keys[kind]()
    root = _certificate("Root", root_key, "Root", root_key, is_root=True)
    leaf = _certificate("Newsroom", key, "Root", root_key, is_root=False)
    chain = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (leaf, root))
    form = serialization.PrivateFormat.PKCS8
    return chain, key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _certificate(name: str, key: Any, issuer: str, issuer_key: Any, *, is_root: bool) -> x509.Certificate:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(kind, text) for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)])

    now = datetime.now(UTC)
    names = "content_commitment key_encipherment data_encipherment key_agreement encipher_only decipher_only"
    usage: dict[str, bool] = dict.fromkeys(names.split(), False)
    usage |= {"digital_signature": not is_root, "key_cert_sign": is_root, "crl_sign": is_root}
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if not is_root:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=True)
    return builder.sign(issuer_key, SHA256())


def thumbnailed(source: bytes, *assertions: dict[str, Any], form: str = "image/jpeg") -> bytes:
    """Sign a picture as other programs do: with a thumbnail of it inside, and what they say of it more."""
    chain, key = newsroom()
    info = c2pa.C2paSignerInfo(b"es256", chain, key, None)
    settings = c2pa.Settings.from_dict({"builder": {"thumbnail": {"enabled": True}}})
    actions = [
        {"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"}
    ]
    manifest = {"assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}, *assertions]}
    out = io.BytesIO()
    with c2pa.Builder(manifest, c2pa.Context(settings)) as builder:
        builder.sign(c2pa.Signer.from_info(info), form, io.BytesIO(source), out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["es256", "es384", "ed25519", "ps256"])
def test_both_readers_accept_the_picture(kind: str) -> None:
    found = signed(((2, 2),))
    embedded = embed(found, *newsroom(kind))
    verified = verify(embedded.picture, embedded.statement)
    assert verified.hidden == ((2, 2),)
    assert verified.manifest_bytes == len(embedded.picture) - len(found.picture)
    assert embedded_statement(embedded.picture) == found.statement
    with c2pa.Reader("image/jpeg", io.BytesIO(embedded.picture)) as reader:
        assert reader.get_validation_state() == "Valid"
        document = json.loads(reader.json())
    manifest = document["manifests"][document["active_manifest"]]
    assert "thumbnail" not in manifest
    assert "title" not in manifest
    (original,) = manifest["ingredients"]
    assert (original["relationship"], original["title"]) == ("parentOf", "original")
    assert not original.keys() & {"active_manifest", "manifest_data", "thumbnail", "data"}


def actions_of(picture: bytes) -> list[dict[str, Any]]:
    """Read the actions of a picture's manifest as other programs do."""
    with c2pa.Reader("image/jpeg", io.BytesIO(picture)) as reader:
        assert reader.get_validation_state() == "Valid"
        document = json.loads(reader.json())
    assertions = document["manifests"][document["active_manifest"]]["assertions"]
    (found,) = [one["data"]["actions"] for one in assertions if one["label"].startswith("c2pa.actions")]
    return list(found)


@pytest.mark.parametrize("captured", [True, False])
def test_the_actions_say_what_was_done_and_no_more(captured: bool) -> None:
    found = signed(((2, 2), (9, 1)))
    opened, edited = actions_of(embed(found, *newsroom(), Origin(captured)).picture)
    assert opened["action"] == "c2pa.opened"
    source = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
    assert opened.get("digitalSourceType") == (source if captured else None)
    assert edited["action"] == "c2pa.edited"
    verified = verify(found.picture, found.statement)
    header = verified.picture.header
    covered = set()
    across, down = 8 * max(h for h, _ in header.sampling), 8 * max(v for _, v in header.sampling)
    for change in edited["changes"]:
        assert change["description"].startswith("redacted")
        shape = change["region"][0]["shape"]
        assert shape["unit"] == "pixel"
        for y in range(int(shape["origin"]["y"]), int(shape["origin"]["y"] + shape["height"]), down):
            for x in range(int(shape["origin"]["x"]), int(shape["origin"]["x"] + shape["width"]), across):
                covered.add(y // down * header.frame.mcus_wide + x // across)
    mcus = {
        mcu
        for first, count in verified.hidden
        for mcu in range(first * header.interval_mcus, min((first + count) * header.interval_mcus, header.mcus))
    }
    assert covered == mcus


def test_a_picture_with_nothing_hidden_was_not_edited() -> None:
    assert [one["action"] for one in actions_of(embed(signed(()), *newsroom()).picture)] == ["c2pa.opened"]


def test_too_many_regions_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fifthfloor.statement.c2pa.MAX_REGIONS", 1)
    _, edited = actions_of(embed(signed(((2, 1), (9, 1))), *newsroom()).picture)
    assert "changes" not in edited


@pytest.mark.parametrize("options", [{"mode": "L"}, {"keep_rgb": True}, {"mode": "CMYK"}, {"subsampling": 0}])
@pytest.mark.parametrize("orientation", [1, 6])
def test_every_kind_of_picture_takes_a_manifest(options: dict[str, Any], orientation: int) -> None:
    from tests.statement.stories import KEY, facts, secret

    from fifthfloor.statement.sign import Original, sign

    picture = canonicalise(jpeg(**options)).with_header(orientation=orientation, profile=bytes(300))
    found = sign(KEY, [Original(picture, secret("s"), ((0, 1),))], facts(), key_life="once")[0]
    embedded = embed(found, *newsroom())
    assert verify(embedded.picture, embedded.statement).manifest_bytes > 1000
    assert embedded_statement(embedded.picture) == found.statement


def test_no_byte_of_an_output_carries_a_thumbnail_of_the_original(tmp_path: Path) -> None:
    """The danger that was measured: c2pa's default embeds the unredacted picture, and calls it valid."""
    foreign = thumbnailed(jpeg(2200, 1500))
    assert foreign.count(b"\xff\xd8\xff") == 2, "the foreign manifest has a thumbnail"
    source, boxes = tmp_path / "one.jpg", tmp_path / "boxes.json"
    source.write_bytes(foreign)
    boxes.write_text('{"one.jpg": [{"left": 0, "top": 0, "right": 2200, "bottom": 1500}]}')
    chain, key = newsroom()
    (tmp_path / "chain.pem").write_bytes(chain)
    (tmp_path / "key.pem").write_bytes(key)
    pair = ("--c2pa", tmp_path / "chain.pem", tmp_path / "key.pem")
    arguments = ["sign", source, "--out", tmp_path / "out", "--boxes", boxes, *pair]
    assert run(fifthfloor, [str(argument) for argument in arguments]) == 0
    written = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in written if path.suffix == ".jpg"] == ["photo-0001.2048.jpg", "photo-0001.jpg"]
    for path in written:
        data = path.read_bytes()
        assert data.count(b"\xff\xd8\xff") == (path.suffix == ".jpg")
        assert b"thumbnail" not in data
        assert b"one.jpg" not in data or path.name == "names.json"
        if path.suffix == ".jpg":
            assert b"c2pa" in data
            # All is hidden: what is left is the manifest, and much smaller than any thumbnail.
            assert verify(data, path.with_name(path.name + ".statement.json").read_bytes()).manifest_bytes < 16_000


def soft_binding_in(picture: bytes) -> bytes:
    """Return the one soft binding of a picture's manifest, as other programs read it."""
    with c2pa.Reader("image/jpeg", io.BytesIO(picture)) as reader:
        assert reader.get_validation_state() == "Valid"
        document = json.loads(reader.json())
    assertions = document["manifests"][document["active_manifest"]]["assertions"]
    (found,) = [one["data"] for one in assertions if one["label"] == "c2pa.soft-binding"]
    ((scope, value),) = [(block["scope"], block["value"]) for block in found["blocks"]]
    assert (found["alg"], scope) == ("io.iscc.v0", {}), "of C2PA's list, and of the whole picture"
    return base64.b64decode(value, validate=True)


def test_a_copy_without_its_manifest_is_nearest_to_the_soft_binding_of_its_picture(tmp_path: Path) -> None:
    """`sign --c2pa`: what is shown is bound, so what lies under a box tells nothing; ISCC's own program reads it."""
    other = scene(1, 600, 400)
    other.paste(scene(5, 200, 200), (200, 100))
    for name, image in (("a.jpg", scene(1, 600, 400)), ("b.jpg", other), ("c.jpg", scene(2, 600, 400))):
        (tmp_path / name).write_bytes(drawn_jpeg(image))
    embedded = {}
    signer, room = Signer(SigningKey(bytes(32)), "once"), Newsroom(*newsroom())
    boxes = dict.fromkeys(("a.jpg", "b.jpg"), (Box(190, 90, 410, 310),))
    intent = SignIntent(boxes, newsroom=room)
    for done in sign_files(sorted(tmp_path.glob("*.jpg")), tmp_path / "out", signer, intent):
        assert isinstance(done, Signed)
        embedded[done.path.name] = soft_binding_in((tmp_path / "out" / done.path.name).read_bytes())
    assert embedded["a.jpg"] == embedded["b.jpg"], "they differ only where they are hidden"
    with Image.open(tmp_path / "out" / "a.jpg") as shown:
        copy = io.BytesIO()
        shown.resize((300, 200)).save(copy, "JPEG", quality=40)
    found = soft_binding_of(copy.getvalue())
    codes = ["ISCC:" + base64.b32encode(one).decode().rstrip("=") for one in (found, *embedded.values())]
    near, _, far = (iscc_core.iscc_distance(codes[0], code) for code in codes[1:])
    assert near <= 20
    assert far > 80


def test_bad_certificates_and_keys_are_refused_by_name() -> None:
    found = signed()
    chain, key = newsroom()
    _, other = newsroom()
    refused = [(chain, b"none", "c2pa.key"), (b"none", key, "c2pa.refused"), (chain, other, "c2pa.refused")]
    for certificate, secret_key, expected in refused:
        with pytest.raises(BadInput) as caught:
            embed(found, certificate, secret_key)
        assert caught.value.key == expected


def test_a_picture_without_a_manifest_has_no_statement_in_it() -> None:
    with pytest.raises(BadInput):
        embedded_statement(signed().picture)
    with pytest.raises(BadInput):
        embedded_statement(thumbnailed(jpeg()))
