"""The statement as an assertion in a C2PA manifest, for readers that know only those (c2pa-rs through c2pa-python).

Rule 1: only a picture that is redacted and verified comes here, so no manifest can hold what was hidden.
Rule 2: thumbnails are off, for the library would embed one of whatever it is given; no title, no time, no ingredient.
Rule 3: our own verification stays the one that counts: a manifest is not covered by the statement.
"""

from __future__ import annotations

import io
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from fifthfloor.errors import BadInput
from fifthfloor.statement.sign import RedactedBytes
from fifthfloor.statement.verify import verify

ASSERTION = "org.fifthfloor.statement"
# Made by a person's edits of what went in; whether a camera took that is not for us to say.
_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/humanEdits"
_SETTINGS: dict[str, Any] = {
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
}


def embed(given: RedactedBytes, certificate_pem: bytes, key_pem: bytes) -> RedactedBytes:
    """Put a signed manifest with the statement into a picture.

    Args:
        given: a picture and its statement that verify.
        certificate_pem: the certificate of the newsroom and its chain, leaf first.
        key_pem: its private key, without a passphrase: EC, RSA or Ed25519.

    Returns:
        The picture with the manifest, and the same statement, which still verifies.

    Raises:
        BadInput, NothingFound: the picture does not verify, or the library refuses the certificate or key.
    """
    import c2pa

    hidden = verify(given.picture, given.statement).hidden_intervals
    info = c2pa.C2paSignerInfo(_algorithm(key_pem).encode(), certificate_pem, key_pem, None)
    out = io.BytesIO()
    try:
        context = c2pa.Context(c2pa.Settings.from_dict(_SETTINGS))
        with c2pa.Builder(_manifest(given.statement, hidden), context) as builder:
            builder.sign(c2pa.Signer.from_info(info), "image/jpeg", io.BytesIO(given.picture), out)
    except c2pa.C2paError as error:
        raise BadInput("c2pa.refused", reason=str(error)[:200]) from error
    signed = RedactedBytes(out.getvalue(), given.statement)
    verify(signed.picture, signed.statement)
    return signed


def embedded_statement(picture: bytes) -> bytes:
    """Return the statement in a picture's manifest; the counterpart of `embed`.

    Raises:
        BadInput: no manifest that C2PA calls valid, or none of ours in it.
    """
    import c2pa

    try:
        context = c2pa.Context(c2pa.Settings.from_dict(_SETTINGS))
        with c2pa.Reader("image/jpeg", io.BytesIO(picture), context=context) as reader:
            state, document = reader.get_validation_state(), json.loads(reader.json())
    except c2pa.C2paError as error:
        raise BadInput("c2pa.refused", reason=str(error)[:200]) from error
    if state not in ("Valid", "Trusted"):
        raise BadInput("c2pa.refused", reason=str(state))
    manifest = document["manifests"][document["active_manifest"]]
    for assertion in manifest.get("assertions", []):
        if assertion.get("label") == ASSERTION:
            return str(assertion["data"]["statement"]).encode()
    raise BadInput("c2pa.refused", reason="c2pa.what.no_statement")


def _manifest(statement: bytes, hidden: int) -> dict[str, Any]:
    actions: list[dict[str, Any]] = [{"action": "c2pa.created", "digitalSourceType": _SOURCE}]
    if hidden:
        actions.append({"action": "c2pa.edited", "description": "parts of the picture were replaced by grey"})
    return {
        "claim_generator_info": [{"name": "fifthfloor"}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": actions}},
            # As text, so that not a byte of it changes on the way through CBOR.
            {"label": ASSERTION, "data": {"statement": statement.decode()}},
        ],
    }


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
