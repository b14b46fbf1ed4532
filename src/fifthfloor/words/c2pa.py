"""Sentences about C2PA manifests."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "c2pa.refused": (
        "the C2PA library refuses: {reason:phrase}",
        "the certificate must be for signing documents (digitalSignature, emailProtection), leaf first, with its key",
    ),
    "c2pa.key": (
        "the C2PA key is not a private key without a passphrase (EC, RSA or Ed25519, PEM)",
        "openssl pkey -in KEY -out PLAIN takes the passphrase off; remove PLAIN afterwards",
    ),
}

SENTENCES: dict[str, str] = {
    "c2pa.what.no_statement": "no statement in it",
}
