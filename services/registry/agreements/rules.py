"""What an agreement needs before it is signed, and what it takes afterwards. Pure."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

FEWEST_PARTIES = 2


class AgreementKind(StrEnum):
    """A county's agreement (source 000), the open pact of local cooperation and the letter of intent (source 004)."""

    COUNTY_AGREEMENT = "county_agreement"
    LOCAL_COOPERATION_PACT = "local_cooperation_pact"
    LETTER_OF_INTENT = "letter_of_intent"


class AgreementState(StrEnum):
    """What is recorded of an agreement, and `expired`, which the calendar adds."""

    DRAFT = "draft"
    SIGNED = "signed"
    EXPIRED = "expired"
    TERMINATED = "terminated"


class PartyKind(StrEnum):
    """What a party is; never a person."""

    AUTHORITY = "authority"
    INSTITUTION = "institution"
    ORGANISATION = "organisation"
    PROJECT_OPERATOR = "project_operator"


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


def shown_state(
    state: AgreementState, valid_to: date | None, today: date
) -> AgreementState:
    """The recorded state, or `expired` from the day after the last day of a signed agreement."""
    expired = (
        state is AgreementState.SIGNED and valid_to is not None and valid_to < today
    )
    return AgreementState.EXPIRED if expired else state


def missing_to_sign(
    kind: AgreementKind,
    valid_from: date | None,
    versions: int,
    roles: Collection[PartyRole],
) -> list[str]:
    """Everything that signing still needs: the first day, a text with its checksum, the parties."""
    missing = [] if valid_from else ["valid_from"]
    missing += [] if versions else ["document_version"]
    if kind is AgreementKind.LETTER_OF_INTENT:
        return missing + [role.value for role in LETTER_ROLES if role not in roles]
    return missing if len(roles) >= FEWEST_PARTIES else [*missing, "signatories"]


def fits_role(kind: AgreementKind, role: PartyRole) -> bool:
    """Letters have authors and addressees, the other kinds have parties."""
    return (role in LETTER_ROLES) == (kind is AgreementKind.LETTER_OF_INTENT)


def is_open_document(kind: AgreementKind) -> bool:
    """Whether further parties may join what is signed: the pact is an open document, the other kinds are closed."""
    return kind is AgreementKind.LOCAL_COOPERATION_PACT


def date_code(
    day: date, *, since: date | None, until: date | None, today: date
) -> str | None:
    """What is wrong with the day of something that happened to an agreement valid until then; None when nothing."""
    if day > today:
        return "in_future"
    if since is not None and day < since:
        return "wrong_order"
    return "outside_validity" if until is not None and day > until else None


def prolonging_code(
    state: AgreementState, valid_to: date | None, until: date | None
) -> str | None:
    """What is wrong with the last day that an annex sets; None when nothing, or when it sets none.

    An annex prolongs what is signed and has an end. A draft is amended, and what is shortened is terminated.
    """
    if until is None:
        return None
    if state is not AgreementState.SIGNED or valid_to is None:
        return "not_allowed"
    return "wrong_order" if until <= valid_to else None


def holds_on(
    day: date,
    signed_on: date | None,
    valid_from: date | None,
    valid_to: date | None,
    terminated_on: date | None,
) -> bool:
    """Whether an agreement binds its parties on a day: signed and begun, not past its last day, not terminated."""
    if signed_on is None or valid_from is None or day < max(signed_on, valid_from):
        return False
    return (valid_to is None or day <= valid_to) and (
        terminated_on is None or day < terminated_on
    )
