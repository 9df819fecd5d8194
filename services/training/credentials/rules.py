"""A certificate as an Open Badges 3.0 credential (VC Data Model 2.0), and the documents
that verifiers read. Pure.
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
"""The number of entries in a list of revocations.

Fewer would reveal whose entry is read (Bitstring Status List 1.0, 6.1).
"""


class Issuer(NamedTuple):
    """The issuer: its name, and the platform's public address."""

    name: str
    public_url: str

    @property
    def base(self) -> str:
        """The address below which issuer, keys and revocations are published."""
        return f"{self.public_url}{BASE}"

    @property
    def id(self) -> str:
        """The issuer's id, which is the address of its profile."""
        return f"{self.base}/issuer"

    @property
    def keys(self) -> str:
        """The address of the keys."""
        return f"{self.base}/keys"

    def status_list(self, number: int) -> str:
        """The address of a list of revocations."""
        return f"{self.base}/status-lists/{number}"


class Issued(NamedTuple):
    """The facts of a certificate that a credential holds."""

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
    # The same in every credential, since verifiers compare profiles.
    facts = {"type": ["Profile"], "name": issuer.name, "url": issuer.public_url}
    return {"id": issuer.id, **facts}


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
    # Old keys as well: credentials that they signed are still valid.
    asserting = [method["id"] for method in methods]
    return {
        "@context": contexts,
        **profile(issuer),
        "verificationMethod": methods,
        "assertionMethod": asserting,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _with_claims(
    document: dict[str, Any], issuer: Issuer, since: datetime
) -> dict[str, Any]:
    """The payload of the token.

    The credential itself with the registered claims (Open Badges 3.0, 8.2.4).
    """
    claims = {"iss": issuer.id, "jti": document["id"], "nbf": int(since.timestamp())}
    # `sub` repeats the subject's id, where it has one (Open Badges 3.0, 8.2.4).
    subject = document["credentialSubject"].get("id")
    return document | claims | ({"sub": subject} if subject else {})


def _salted_digest(value: str, salt: str, kind: str) -> dict[str, Any]:
    """A fact of the holder as a salted digest, which can be compared but not read.

    Open Badges 3.0, IdentityObject.
    """
    # A salt for each credential: the same name has different digests.
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
        # The file may be passed on, and so shows no more than the holder chose.
        return [_salted_digest(name, issued.id, "name")]
    identity = {"hashed": False, "identityHash": name, "identityType": "name"}
    return [{"type": "IdentityObject", **identity}]


def _achievement(issued: Issued, issuer: Issuer, language: Language) -> dict[str, Any]:
    content, words = issued.content, WORDS[language]
    title = content.title_pl if language == "pl" else content.title_en
    hours = content.minutes / 60
    # The hours of the programme version, not those that one person attended.
    description = words.described.format(
        modules=len(content.modules), hours=f"{hours:g}", version=content.version_number
    )
    return {
        "id": f"urn:uuid:{issued.version_id}",
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "name": title,
        "description": description,
        "inLanguage": language,
        "humanCode": content.programme_code,
        "creator": profile(issuer),
        "criteria": {
            "narrative": words.criteria.format(percent=content.required_percent)
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
    """The entry by which a verifier finds out whether a certificate is revoked."""
    # By the order of issue, which the certificate's number shows anyway.
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

    The name is a salted digest unless the holder shows it: a verifier who knows the
    name can compare it.
    """
    # A certificate holds achieved outcomes only, so every result is complete.
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
    return _with_claims(document, issuer, issued.valid_from)


def encoded_list(indexes: Iterable[int]) -> str:
    """A list of revocations as multibase text.

    Bit 0 is the leftmost one (Bitstring Status List 1.0, 3.3).
    """
    # Of a fixed size: the length does not reveal how many certificates exist.
    bits = bytearray(LIST_SIZE // 8)
    for index in indexes:
        bits[index // 8] |= 0x80 >> index % 8
    # `mtime=0`: the same revocations always give the same text.
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
    return _with_claims(document, issuer, now)


class Words(NamedTuple):
    """The texts of a credential in one language."""

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
