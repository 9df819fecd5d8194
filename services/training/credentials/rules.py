"""A certificate as an Open Badges 3.0 credential (VC Data Model 2.0).

What verifiers ask for. Pure.
"""

import gzip
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from services.chassis.ground.problems import Language
from services.training.certificates.rules import CertificateContent

BASE = "/v1/training/credentials"
CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
]
SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/"
    "ob_v3p0_achievementcredential_schema.json"
)
LIST_SIZE = 131_072
"""Entries of a list of revocations.

Fewer tell whose entry is looked at (Bitstring Status List 1.0, 6.1).
"""


class Issuer(NamedTuple):
    """Who issues: the name, and the platform's address for the outside."""

    name: str
    public_url: str

    @property
    def base(self) -> str:
        """Where issuer, keys and revocations are published."""
        return f"{self.public_url}{BASE}"

    @property
    def id(self) -> str:
        """The issuer's name for machines, where the profile is."""
        return f"{self.base}/issuer"

    @property
    def keys(self) -> str:
        """Where the keys are."""
        return f"{self.base}/keys"

    def status_list(self, number: int) -> str:
        """Where a list of revocations is."""
        return f"{self.base}/status-lists/{number}"


class Issued(NamedTuple):
    """What a credential says of a certificate."""

    id: str
    number: str
    version_id: str
    sequence: int
    valid_from: datetime
    given_name: str
    family_name: str
    shows_name: bool
    content: CertificateContent


def profile(issuer: Issuer) -> dict[str, Any]:
    """The issuer as an Open Badges profile."""
    # The same words in every credential: verifiers compare them.
    named = {"type": ["Profile"], "name": issuer.name, "url": issuer.public_url}
    return {"id": issuer.id, **named}


def controller(issuer: Issuer, keys: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The profile with every key that has ever signed (Controlled Identifiers 1.0)."""
    methods = [
        {
            "id": key["kid"],
            "type": "JsonWebKey",
            "controller": issuer.id,
            "publicKeyJwk": key,
        }
        for key in keys
    ]
    contexts = [*CONTEXTS, "https://www.w3.org/ns/cid/v1"]
    # Also of keys that no longer sign: what they signed is still valid.
    asserting = [method["id"] for method in methods]
    return {
        "@context": contexts,
        **profile(issuer),
        "verificationMethod": methods,
        "assertionMethod": asserting,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _claimed(
    document: dict[str, Any], issuer: Issuer, since: datetime
) -> dict[str, Any]:
    """The payload of the token.

    The credential itself with the registered claims (Open Badges 3.0, 8.2.4).
    """
    claims = {"iss": issuer.id, "jti": document["id"], "nbf": int(since.timestamp())}
    # `sub` repeats the subject's id, where it has one (Open Badges 3.0, 8.2.4).
    subject = document["credentialSubject"].get("id")
    return document | claims | ({"sub": subject} if subject else {})


def _hidden(value: str, salt: str, kind: str) -> dict[str, Any]:
    """Something of the holder that a verifier can compare with.

    Not read (Open Badges 3.0, IdentityObject).
    """
    # With a salt of its own: the same name looks different in each credential.
    digest = sha256((value + salt).encode()).hexdigest()
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "identityType": kind,
        "salt": salt,
    }


def _identifiers(issued: Issued) -> list[dict[str, Any]]:
    name = f"{issued.given_name} {issued.family_name}"
    if not issued.shows_name:
        # A file that is passed on must not tell more than its holder chose.
        return [_hidden(name, issued.id, "name")]
    shown = {"hashed": False, "identityHash": name, "identityType": "name"}
    return [{"type": "IdentityObject", **shown}]


def _achievement(issued: Issued, issuer: Issuer, language: Language) -> dict[str, Any]:
    content, said = issued.content, WORDS[language]
    title = content.title_pl if language == "pl" else content.title_en
    hours = content.minutes / 60
    # Hours as the certificate says them, not as one person attended.
    described = said.described.format(
        modules=len(content.modules), hours=f"{hours:g}", version=content.version_number
    )
    return {
        "id": f"urn:uuid:{issued.version_id}",
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "name": title,
        "description": described,
        "inLanguage": language,
        "humanCode": content.programme_code,
        "creator": profile(issuer),
        "criteria": {
            "narrative": said.criteria.format(percent=content.required_percent)
        },
        "resultDescription": [
            {
                "id": f"urn:uuid:{outcome.id}",
                "type": ["ResultDescription"],
                "name": outcome.text_pl if language == "pl" else outcome.text_en,
                "resultType": "Status",
            }
            for outcome in content.outcomes
        ],
    }


def _status(issued: Issued, issuer: Issuer) -> dict[str, Any]:
    """Where a verifier sees whether a certificate was revoked."""
    # By the order of issue: the place in a list tells no more than the number does.
    number, index = divmod(issued.sequence, LIST_SIZE)
    status_list = issuer.status_list(number)
    return {
        "id": f"{status_list}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": status_list,
    }


def credential(issued: Issued, issuer: Issuer, language: Language) -> dict[str, Any]:
    """The payload of a certificate's token.

    Names are salted digests unless the holder shows them: whoever is told a name can
    compare it.
    """
    # Only what was achieved is in it, so every result is complete.
    results = [
        {
            "type": ["Result"],
            "resultDescription": f"urn:uuid:{outcome.id}",
            "status": "Completed",
        }
        for outcome in issued.content.outcomes
    ]
    document = {
        "@context": CONTEXTS,
        "id": f"urn:uuid:{issued.id}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{WORDS[language].certificate} {issued.number}",
        "issuer": profile(issuer),
        "validFrom": _instant(issued.valid_from),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": _identifiers(issued),
            "achievement": _achievement(issued, issuer, language),
            "result": results,
        },
        "credentialStatus": _status(issued, issuer),
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    return _claimed(document, issuer, issued.valid_from)


def encoded_list(indexes: Iterable[int]) -> str:
    """A list of revocations as multibase text.

    Bit 0 is the leftmost one (Bitstring Status List 1.0, 3.3).
    """
    # Of one size from the first day: its length tells nothing.
    bits = bytearray(LIST_SIZE // 8)
    for index in indexes:
        bits[index // 8] |= 0x80 >> index % 8
    # Without the time of packing: the same revocations make the same text.
    packed = gzip.compress(bytes(bits), mtime=0)
    return "u" + urlsafe_b64encode(packed).rstrip(b"=").decode()


def status_list(
    number: int, revoked: Iterable[int], issuer: Issuer, now: datetime
) -> dict[str, Any]:
    """The payload of a list of revocations.

    `revoked` are sequences of certificates of this list.
    """
    address = issuer.status_list(number)
    document = {
        "@context": CONTEXTS[:1],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.id,
        "validFrom": _instant(now),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded_list(each % LIST_SIZE for each in revoked),
        },
    }
    return _claimed(document, issuer, now)


class Words(NamedTuple):
    """What a credential says in one language."""

    certificate: str
    described: str
    criteria: str


WORDS: dict[Language, Words] = {
    "pl": Words(
        "Certyfikat",
        "Moduły: {modules}. Godziny: {hours}. Wersja programu: {version}.",
        "Obecność na co najmniej {percent}% zaplanowanego czasu i osiągnięcie"
        " wymaganych efektów uczenia się, potwierdzone przez osobę, która nie"
        " prowadziła szkolenia.",
    ),
    "en": Words(
        "Certificate",
        "Modules: {modules}. Hours: {hours}. Version of the programme: {version}.",
        "At least {percent}% of the planned time attended, and the required"
        " learning outcomes achieved, as validated by somebody who was no trainer"
        " of the group.",
    ),
}
