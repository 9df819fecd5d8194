"""The legal bases on which data about a child may be passed on. Pure.

Sources: GDPR, arts. 6 and 9; education law (Prawo oświatowe), art. 30a: people who work
in education must keep what they know about a child confidential, with three exceptions.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class ConsentBasis(StrEnum):
    """The legal basis of the processing."""

    CONSENT = "consent"
    STATUTORY = "statutory"
    PUBLIC_TASK = "public_task"
    VITAL_INTEREST = "vital_interest"


class ConfidentialityException(StrEnum):
    """The only exceptions from confidentiality, by art. 30a(3)."""

    THREAT_TO_HEALTH = "threat_to_health"
    CONSENT = "consent"
    SPECIAL_PROVISION = "special_provision"


class Purpose(StrEnum):
    """What the data are for."""

    SCREENING = "screening"
    REFERRAL = "referral"
    CASEWORK = "casework"


EXCEPTIONS: dict[ConsentBasis, ConfidentialityException] = {
    ConsentBasis.CONSENT: ConfidentialityException.CONSENT,
    ConsentBasis.STATUTORY: ConfidentialityException.SPECIAL_PROVISION,
    # A public task is based on a provision as well: the act has no fourth exception.
    ConsentBasis.PUBLIC_TASK: ConfidentialityException.SPECIAL_PROVISION,
    ConsentBasis.VITAL_INTEREST: ConfidentialityException.THREAT_TO_HEALTH,
}
"""The exception that applies to each basis when data leave an institution."""


class Terms(NamedTuple):
    """What one recorded basis covers."""

    purpose: Purpose
    # Only compared, so any kind of id will do.
    recipient: object
    """The institution that receives the data; None where they stay with the county."""
    categories: Collection[str]
    valid_from: date
    valid_to: date | None
    withdrawn_at: datetime | None


def holds_on(terms: Terms, day: date) -> bool:
    """Whether a basis holds on a day: it has begun, is not over, and is not withdrawn."""
    has_begun = terms.valid_from <= day
    is_over = terms.valid_to is not None and terms.valid_to < day
    return has_begun and not is_over and terms.withdrawn_at is None


def uncovered(
    bases: Iterable[Terms],
    purpose: Purpose,
    recipient: object,
    categories: Collection[str],
    day: date,
) -> list[str]:
    """The categories without a basis for this recipient and purpose on that day.

    A basis without a recipient covers no other institution: there is no consent for
    "the network".
    """
    covered: set[str] = set()
    for terms in bases:
        is_for = terms.purpose == purpose and terms.recipient == recipient
        if is_for and holds_on(terms, day):
            # The union of all bases: the remaining categories are covered by none.
            covered.update(terms.categories)
    return sorted(set(categories) - covered)


def incomplete(
    basis: ConsentBasis, given_by: object, act: str | None, evidence: str | None
) -> list[tuple[str, str]]:
    """The missing fields of a basis, each as field and error code.

    A consent states who gave it and how; any other basis names its act.
    """
    of_consent = {"given_by_id": given_by, "evidence": evidence}
    required = of_consent if basis is ConsentBasis.CONSENT else {"act": act}
    return [(name, "missing") for name, value in required.items() if not value]
