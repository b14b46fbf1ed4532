"""The statement as an assertion in a C2PA manifest, for readers that know only those (c2pa-rs through c2pa-python).

Rule 1: only a picture that is redacted and verified comes here, so no manifest can hold what was hidden.
Rule 2: thumbnails are off, for the library would embed one of whatever it is given; no title and no time.
Rule 3: our own verification stays the one that counts: a manifest is not covered by the statement.
Rule 4: what was done is said in C2PA's own words (C2PA 2.2, 18.15 "Actions"): a picture that was there was opened, its
        original is the ingredient in its own format (without its bytes, name or manifest: any of these could show the
        faces); where that is no JPEG it was transcoded; and each
        hidden part is a region that was edited. The action "c2pa.redacted" is another
        thing: it tells of assertions that were taken out of an ingredient.
Rule 5: what a page shows was made of a picture that verifies, and says so: that picture is its ingredient by its hash
        (its own manifest and statement would be larger than many of these), and it says what was done to both.
Rule 6: what the picture looks like is said of the picture as it is published, for whoever finds a copy that lost its
        manifest: C2PA's soft binding, by ISCC (`io.iscc.v0` in C2PA's list; its value is that of IEP-0020).
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from fifthfloor.errors import BadInput
from fifthfloor.statement.hidden_runs import rectangles
from fifthfloor.statement.sign import RedactedBytes
from fifthfloor.statement.verify import Verified, verify

ASSERTION = "org.fifthfloor.statement"
SHOWN_ASSERTION = "org.fifthfloor.shown"
SOFT_BINDING = "c2pa.soft-binding"
SOFT_BINDING_ALGORITHM = "io.iscc.v0"
# Of the original: a camera took it, as far as its file tells. Where it tells nothing, nothing is said.
_CAPTURED = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
# A comb of tiles has many corners; beyond this the action stands without its places.
MAX_REGIONS = 200
# In words: c2pa-rs (0.91) writes a region's role "c2pa.redacted" and cannot read it again.
REDACTED = "redacted: replaced by grey"
# "Including resolution scaling, bitrate adjustment and encoding format change."
TRANSCODED = "c2pa.transcoded"
JPEG = "image/jpeg"
_SETTINGS: dict[str, Any] = {
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
}


@dataclass(frozen=True, slots=True, repr=False)
class Newsroom:
    """Who signs C2PA manifests: a certificate with its chain, and its private key, both PEM."""

    certificate_pem: bytes
    key_pem: bytes


@dataclass(frozen=True, slots=True)
class Origin:
    """What is said of the original that a picture was made of.

    Args:
        captured: it is a raw file, or its metadata names a camera.
        mime: its format; another than JPEG was decoded and written anew.
    """

    captured: bool = False
    mime: str = JPEG


Looks = Callable[[bytes], bytes]
"""What a picture looks like: an ISCC unit of 256 bits of its bytes (`trace.likeness.soft_binding_of`)."""


def embed(
    given: RedactedBytes,
    certificate_pem: bytes,
    key_pem: bytes,
    origin: Origin | None = None,
    looks: Looks | None = None,
) -> RedactedBytes:
    """Put a signed manifest with the statement into a picture.

    Args:
        given: a picture and its statement that verify.
        certificate_pem: the certificate of the newsroom and its chain, leaf first.
        key_pem: its private key, without a passphrase: EC, RSA or Ed25519.
        origin: of the picture; None: a JPEG of which nothing is known.
        looks: also says what the picture looks like; None leaves that out.

    Returns:
        The picture with the manifest, and the same statement, which still verifies.

    Raises:
        BadInput, NothingFound: the picture does not verify, or the library refuses the certificate or key.
    """
    manifest = _manifest(given.statement, verify(given.picture, given.statement), origin or Origin())
    newsroom = Newsroom(certificate_pem, key_pem)
    signed = RedactedBytes(_signed(given.picture, JPEG, manifest, newsroom, looks), given.statement)
    verify(signed.picture, signed.statement)
    return signed


def manifest_of_shown(made_of: RedactedBytes) -> dict[str, Any]:
    """Return what the manifest says of pictures that a page shows.

    Args:
        made_of: the picture that they were decoded from, with its statement.

    Raises:
        BadInput, NothingFound: the picture does not verify.
    """
    verified = verify(made_of.picture, made_of.statement)
    digest, stated = (hashlib.sha256(data).hexdigest() for data in (made_of.picture, made_of.statement))
    captured = bool(verified.manifest_bytes) and origin_of(made_of.picture).captured
    # What was opened for this is our own JPEG.
    origin = Origin(captured)
    actions = _actions(f"xmp:iid:{digest[:32]}", origin)
    if verified.hidden:
        actions.append({"action": "c2pa.edited", "description": REDACTED})
    actions.append({"action": TRANSCODED})
    ingredient = _ingredient(actions, f"SHA-256 {digest}", origin)
    return _of_actions(actions, ingredient, {"picture": digest, "statement": stated}, SHOWN_ASSERTION)


def embed_shown(
    shown: bytes,
    mime: Literal["image/avif", "image/jpeg"],
    manifest: dict[str, Any],
    newsroom: Newsroom,
    looks: Looks | None = None,
) -> bytes:
    """Put a signed manifest (`manifest_of_shown`) into a whole file that a page shows. Raises BadInput as `embed`."""
    return _signed(shown, mime, manifest, newsroom, looks)


def _signed(
    picture: bytes, mime: str, manifest: dict[str, Any], newsroom: Newsroom, looks: Looks | None = None
) -> bytes:
    import c2pa

    if looks is not None:
        manifest = manifest | {"assertions": [*manifest["assertions"], _soft_binding(looks(picture))]}
    algorithm = _algorithm(newsroom.key_pem).encode()
    info = c2pa.C2paSignerInfo(algorithm, newsroom.certificate_pem, newsroom.key_pem, None)
    out = io.BytesIO()
    try:
        context = c2pa.Context(c2pa.Settings.from_dict(_SETTINGS))
        with c2pa.Builder(manifest, context) as builder:
            builder.sign(c2pa.Signer.from_info(info), mime, io.BytesIO(picture), out)
    except c2pa.C2paError as error:
        raise BadInput("c2pa.refused", reason=str(error)[:200]) from error
    return out.getvalue()


def _soft_binding(unit: bytes) -> dict[str, Any]:
    # The library takes JSON, which has no bytes: a list of numbers, which its reader gives back in base64.
    block = {"scope": {}, "value": list(unit)}
    return {"label": SOFT_BINDING, "data": {"alg": SOFT_BINDING_ALGORITHM, "blocks": [block]}}


def embedded_statement(picture: bytes) -> bytes:
    """Return the statement in a picture's manifest; the counterpart of `embed`.

    Raises:
        BadInput: no manifest that C2PA calls valid, or none of ours in it.
    """
    for assertion in _valid_manifest(picture).get("assertions", []):
        if assertion.get("label") == ASSERTION:
            return str(assertion["data"]["statement"]).encode()
    raise BadInput("c2pa.refused", reason="c2pa.what.no_statement")


def origin_of(picture: bytes) -> Origin:
    """Return what a picture's manifest says of its original. Raises BadInput as `embedded_statement` does."""
    manifest = _valid_manifest(picture)
    actions = [
        action
        for assertion in manifest.get("assertions", [])
        if str(assertion.get("label", "")).startswith("c2pa.actions")
        for action in assertion["data"]["actions"]
    ]
    captured = any(action.get("digitalSourceType") == _CAPTURED for action in actions)
    opened = [one for one in manifest.get("ingredients", []) if one.get("relationship") == "parentOf"]
    return Origin(captured, str(opened[0].get("format", JPEG)) if opened else JPEG)


def _valid_manifest(picture: bytes) -> dict[str, Any]:
    """Return a picture's manifest, if C2PA calls it valid."""
    import c2pa

    try:
        context = c2pa.Context(c2pa.Settings.from_dict(_SETTINGS))
        with c2pa.Reader(JPEG, io.BytesIO(picture), context=context) as reader:
            state, document = reader.get_validation_state(), json.loads(reader.json())
    except c2pa.C2paError as error:
        raise BadInput("c2pa.refused", reason=str(error)[:200]) from error
    if state not in ("Valid", "Trusted"):
        raise BadInput("c2pa.refused", reason=str(state))
    found: dict[str, Any] = document["manifests"][document["active_manifest"]]
    return found


def _manifest(statement: bytes, verified: Verified, origin: Origin) -> dict[str, Any]:
    # An identifier of the ingredient within this manifest; made of public bytes, so that it tells nothing.
    actions = _actions(f"xmp:iid:{hashlib.sha256(statement).hexdigest()[:32]}", origin)
    if origin.mime != JPEG:
        actions.append({"action": TRANSCODED})
    if verified.hidden:
        actions.append({"action": "c2pa.edited", "description": REDACTED})
        if regions := _regions(verified):
            actions[-1]["changes"] = regions
    if verified.role == "rendition":
        actions.append({"action": "c2pa.resized"})
    sha256 = dict(verified.facts).get("original", "")
    # As text, so that not a byte of it changes on the way through CBOR.
    told = {"statement": statement.decode()}
    ingredient = _ingredient(actions, f"SHA-256 {sha256}" if sha256 else "", origin)
    return _of_actions(actions, ingredient, told, ASSERTION)


def _actions(original: str, origin: Origin) -> list[dict[str, Any]]:
    opened: dict[str, Any] = {"action": "c2pa.opened", "parameters": {"ingredientIds": [original]}}
    if origin.captured:
        opened["digitalSourceType"] = _CAPTURED
    return [opened]


def _ingredient(actions: list[dict[str, Any]], description: str, origin: Origin) -> dict[str, str]:
    (original,) = actions[0]["parameters"]["ingredientIds"]
    ingredient = {"format": origin.mime, "instance_id": original, "relationship": "parentOf", "title": "original"}
    return ingredient | ({"description": description} if description else {})


def _of_actions(
    actions: list[dict[str, Any]], ingredient: dict[str, str], told: dict[str, str], label: str
) -> dict[str, Any]:
    return {
        "claim_generator_info": [{"name": "fifthfloor"}],
        "ingredients": [ingredient],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": actions}},
            {"label": label, "data": told},
        ],
    }


def _regions(verified: Verified) -> list[dict[str, Any]]:
    """Return the hidden parts as regions in pixels of the picture as stored; none where they would be too many."""
    header = verified.picture.header
    across, down = 8 * max(h for h, _ in header.sampling), 8 * max(v for _, v in header.sampling)
    places = []
    for left, top, right, bottom in rectangles(verified.hidden, header):
        x, y = left * across, top * down
        wide, high = min(right * across, header.width) - x, min(bottom * down, header.height) - y
        shape = {"type": "rectangle", "unit": "pixel", "origin": {"x": x, "y": y}, "width": wide, "height": high}
        places.append({"type": "spatial", "shape": shape})
        if len(places) > MAX_REGIONS:
            return []
    return [{"description": REDACTED, "region": [place]} for place in places]


def _algorithm(key_pem: bytes) -> str:
    try:
        key = load_pem_private_key(key_pem, password=None)
    except (ValueError, TypeError) as error:
        raise BadInput("c2pa.key") from error
    if isinstance(key, Ed25519PrivateKey):
        return "ed25519"
    if isinstance(key, RSAPrivateKey):
        return "ps256"
    names = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
    if isinstance(key, EllipticCurvePrivateKey) and key.curve.name in names:
        return names[key.curve.name]
    raise BadInput("c2pa.key")
