"""What a C2PA manifest or another tree of JSON says: places, persons, words, and keys that nobody knows.

Rule: keys of the specifications that hold a machine's values are listed. A text of some length under any other key is
somebody's or is counted.

Source: C2PA 2.1 and its schemas; CAWG, "Identity Assertion" 1.1 and "Metadata Assertion" 1.1; schema.org.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fifthfloor.audit.captions import Captions
from fifthfloor.audit.property_kinds import is_wordy, kind_of_property
from fifthfloor.audit.written_by_itself import is_written_by_itself
from fifthfloor.metadata.manifests import Said

_FEWEST_LETTERS_TOLD = 10


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_KEYS_OF_PERSONS = _set_of(
    "actors credentials verifiedidentities verified_identities author creator producer contributor editor person "
    "persons owner photographer identity identities copyrightholder accountableperson named_actor namedactor"
)
_KEYS_OF_NAMES = _set_of("name username displayname givenname familyname alternatename email telephone account")
_KEYS_OF_WORDS = _set_of(
    "description caption title headline alternativeheadline comment note notes summary text abstract keywords details "
    "explanation prompt about"
)
_OF_VALIDATION = ("validation", "provider", "claim_generator", "softwareagent", "signingtool")
# Keys whose values are a machine's: hashes, addresses, kinds, times, programs and their versions.
_OF_A_MACHINE = _set_of(
    "alg hash pad pad1 pad2 url uri identifier instanceid instance_id documentid document_id format claim_generator "
    "claim_generator_info signature assertions created_assertions gathered_assertions redacted_assertions thumbnail "
    "relationship action when softwareagent softwareagentindex digitalsourcetype changed changes reason start length "
    "version datetime code value label data_types type context specversion sig_type referenced_assertions "
    "operatingsystem icon ingredients ingredientids parameters templates vendor role roles verifiedat method "
    "activemanifest claimsignature manifest c2pa_manifest algorithm offset exclusions xpath subset name id region "
    "boundingbox shape unit url_type use constraint_info entries datatype merklehash count fixedblocksize datasource "
    "localid previous_hash signing_cert model trained use_ddex isdigital originalfilename dc:format mimetype schema "
    "schemaversion target specs updated created"
)


def add_said(said: Iterable[Said], captions: Captions) -> Iterator[Said]:
    """Add what a tree says; yield texts of some length of which nobody knows what they are.

    Args:
        said: properties of XMP, of schema.org, of the specifications, or of anybody.
        captions: takes places, persons and words.
    """
    for one in said:
        key = one.name.rpartition(".")[2].rpartition(":")[2].lower()
        around = [outer.lower() for outer in one.inside]
        kind = kind_of_property(one.name, one.inside, one.text)
        if one.name == "schema:Person":
            captions.add("artist", one.text)
        elif any(outer.startswith(_OF_VALIDATION) for outer in around):
            continue
        elif key in _KEYS_OF_NAMES and any(outer.rpartition(".")[2] in _KEYS_OF_PERSONS for outer in around):
            captions.add("artist", one.text)
        elif ":" in one.name or kind not in ("said", None):
            captions.take(one.name, one.inside, one.text)
        elif key in _KEYS_OF_WORDS:
            captions.say(one.name, one.text)
        elif kind == "said" and key not in _OF_A_MACHINE and _is_somebodys(one.text):
            yield one


def _is_somebodys(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return letters >= _FEWEST_LETTERS_TOLD and is_wordy(text) and not is_written_by_itself(text)
