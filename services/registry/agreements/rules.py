"""What an agreement needs before it is signed, and when it binds. Pure."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

FEWEST_PARTIES = 2


class AgreementKind(StrEnum):
    """A county's agreement (source 000), the open pact and the letter of intent (source 004)."""

    COUNTY_AGREEMENT = "county_agreement"
    LOCAL_COOPERATION_PACT = "local_cooperation_pact"
    LETTER_OF_INTENT = "letter_of_intent"


class AgreementState(StrEnum):
    """The stored states of an agreement, and `expired`, which follows from the date."""

    DRAFT = "draft"
    SIGNED = "signed"
    EXPIRED = "expired"
    TERMINATED = "terminated"


class PartyRole(StrEnum):
    """The parties of an agreement are equal; a letter goes from an author to addressees."""

    PARTY = "party"
    AUTHOR = "author"
    ADDRESSEE = "addressee"


VERBS: dict[AgreementState, list[str]] = {
    AgreementState.DRAFT: ["sign"],
    AgreementState.SIGNED: ["terminate"],
    AgreementState.EXPIRED: [],
    AgreementState.TERMINATED: [],
}
"""What may be done to an agreement in each state."""

LETTER_ROLES = (PartyRole.AUTHOR, PartyRole.ADDRESSEE)


def missing_to_sign(
    kind: AgreementKind,
    valid_from: date | None,
    texts: int,
    roles: Collection[PartyRole],
) -> list[str]:
    """Everything that signing still needs: the first day, a text with its checksum, the parties.

    `texts`: how many are recorded; `roles`: one for each party that has not withdrawn.
    """
    missing = [] if valid_from else ["valid_from"]
    # What the parties sign is a text, known by its checksum.
    missing += [] if texts else ["document_version"]
    if kind is AgreementKind.LETTER_OF_INTENT:
        return missing + [role.value for role in LETTER_ROLES if role not in roles]
    return missing if len(roles) >= FEWEST_PARTIES else [*missing, "signatories"]


def date_code(
    day: date, *, since: date | None, until: date | None, today: date
) -> str | None:
    """Why something cannot have happened on `day`; None when it can.

    It lies between `since` and `until`, where there are such days, and not after `today`.
    """
    if day > today:
        return "in_future"
    if since is not None and day < since:
        return "wrong_order"
    return "outside_validity" if until is not None and day > until else None


def holds_on(
    day: date,
    signed_on: date | None,
    valid_from: date | None,
    valid_to: date | None,
    terminated_on: date | None,
) -> bool:
    """Whether an agreement binds its parties on a day.

    It is signed and has begun, its last day `valid_to` is not over, and it is not terminated.
    """
    # An agreement that is signed late does not bind on the days before its signing.
    if signed_on is None or valid_from is None or day < max(signed_on, valid_from):
        return False
    # `valid_to` is the last day, `terminated_on` the first day without it.
    return (valid_to is None or day <= valid_to) and (
        terminated_on is None or day < terminated_on
    )
