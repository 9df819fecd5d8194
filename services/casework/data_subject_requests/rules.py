"""What somebody may ask of the data about them, and what becomes of it. Pure.

GDPR, arts. 12(3) and 15 to 21.
"""

from enum import StrEnum


class RequestKind(StrEnum):
    """What is asked."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"
    ERASURE = "erasure"
    OBJECTION = "objection"


class RequestState(StrEnum):
    """How far it is."""

    RECEIVED = "received"
    EXTENDED = "extended"
    FULFILLED = "fulfilled"
    REFUSED = "refused"


class RequestVerb(StrEnum):
    """What may be done with it."""

    EXTEND = "extend"
    FULFIL = "fulfil"
    REFUSE = "refuse"


_ENDING = (RequestVerb.FULFIL, RequestVerb.REFUSE)
_ALLOWED: dict[RequestState, tuple[RequestVerb, ...]] = {
    RequestState.RECEIVED: (RequestVerb.EXTEND, *_ENDING),
    # Article 12(3) knows one extension.
    RequestState.EXTENDED: _ENDING,
}


def allowed_verbs(state: RequestState) -> list[RequestVerb]:
    """What may be done in a state; nothing once it was decided."""
    return [*_ALLOWED.get(state, ())]


def address_of(kind: RequestKind, request_id: object, person_id: object) -> str | None:
    """Where the service does what is asked: the copy, or the person to be changed; None
    where a decision is all.
    """
    # Fulfilling itself restricts or erases; an objection is weighed by people.
    addresses = {
        RequestKind.ACCESS: f"/v1/casework/data-subject-requests/{request_id}/export",
        RequestKind.RECTIFICATION: f"/v1/casework/people/{person_id}",
    }
    return addresses.get(kind)
