"""Who asks, and where what is asked for lies, in the matrix of permissions."""

from enum import StrEnum
from typing import NamedTuple

from services.chassis.trust.callers import Reach
from tests.support.callers import ROLES, SCOPES, call_as


class Holder(NamedTuple):
    """Somebody who asks: a person in a role, a service account by its scopes, or a person through an application."""

    role: str | None = None
    scope: str | None = None

    def __str__(self) -> str:
        return " with ".join(filter(None, self)) or "somebody without a token"


STRANGER = Holder()
ALONE = (*(Holder(role) for role in ROLES), *(Holder(scope=scope) for scope in SCOPES), STRANGER)
PAIRS = tuple(Holder(role, scope) for role in ROLES for scope in SCOPES)
EVERY_SCOPE = " ".join(SCOPES)


class Place(StrEnum):
    """Where what is asked for lies, seen from the caller."""

    OWN_INSTITUTION = "own institution"
    OWN_COUNTY = "another institution of the own county"
    OTHER_COUNTY = "another county"
    RELATED = "another county, with a relation to it"


COVERED = {
    Reach.EVERYWHERE: {Place.OWN_INSTITUTION, Place.OWN_COUNTY, Place.OTHER_COUNTY},
    Reach.OWN_COUNTIES: {Place.OWN_INSTITUTION, Place.OWN_COUNTY},
    Reach.OWN_INSTITUTION: {Place.OWN_INSTITUTION},
    Reach.RELATED: set(),
}


def headers_of(holder: Holder, own_institution: str) -> dict[str, str]:
    """Somebody of that role and scope, in county 2469, with that institution as their own; a stranger has no token."""
    if holder == STRANGER:
        return {"authorization": ""}
    return call_as(holder.role, scope=holder.scope, institution=own_institution)
