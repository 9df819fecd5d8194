"""On what basis data about a child may go to somebody. Pure.

Sources: GDPR, arts. 6 and 9; education law (Prawo oświatowe), art. 30a: who works in
education keeps what is known of a child to themselves, with three exceptions.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class ConsentBasis(StrEnum):
    """What the processing rests on."""

    CONSENT = "consent"
    STATUTORY = "statutory"
    PUBLIC_TASK = "public_task"
    VITAL_INTEREST = "vital_interest"


class ConfidentialityException(StrEnum):
    """The exceptions of art. 30a(3): nothing else opens what is confidential."""

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
    # A task rests on a provision as well: the act knows no fourth exception.
    ConsentBasis.PUBLIC_TASK: ConfidentialityException.SPECIAL_PROVISION,
    ConsentBasis.VITAL_INTEREST: ConfidentialityException.THREAT_TO_HEALTH,
}
"""The exception that each basis is, where data leave an institution."""


class Terms(NamedTuple):
    """What one recorded basis covers."""

    purpose: Purpose
    # Compared and nothing more, so that any kind of id will do.
    recipient: object
    """The institution it names; None where data stay with the county."""
    categories: Collection[str]
    valid_from: date
    valid_to: date | None
    withdrawn_at: datetime | None


def holds_on(terms: Terms, day: date) -> bool:
    """Whether it holds on a day: begun, not over, not withdrawn."""
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
    """The categories that no basis lets go to this recipient for this purpose on that
    day.

    A basis without a recipient covers no other institution: there is no consent for
    "the network".
    """
    covered: set[str] = set()
    for terms in bases:
        is_for = terms.purpose == purpose and terms.recipient == recipient
        if is_for and holds_on(terms, day):
            # Of several bases together: what is left is covered by none at all.
            covered.update(terms.categories)
    return sorted(set(categories) - covered)


def incomplete(
    basis: ConsentBasis, given_by: object, act: str | None, evidence: str | None
) -> list[tuple[str, str]]:
    """What a basis lacks: field and code.

    A consent says who gave it and how; everything else names its act.
    """
    of_consent = {"given_by_id": given_by, "evidence": evidence}
    named = of_consent if basis is ConsentBasis.CONSENT else {"act": act}
    return [(name, "missing") for name, value in named.items() if not value]
