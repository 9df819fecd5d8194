"""Kinds and states of data subjects' requests. Pure.

GDPR, arts. 12(3) and 15 to 21.
"""

from enum import StrEnum


class RequestKind(StrEnum):
    """What the person asks for."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"
    ERASURE = "erasure"
    OBJECTION = "objection"


class RequestState(StrEnum):
    """The state of a request."""

    RECEIVED = "received"
    EXTENDED = "extended"
    FULFILLED = "fulfilled"
    REFUSED = "refused"


class RequestVerb(StrEnum):
    """What may be done with a request."""

    EXTEND = "extend"
    FULFIL = "fulfil"
    REFUSE = "refuse"


_ENDING = (RequestVerb.FULFIL, RequestVerb.REFUSE)
_ALLOWED: dict[RequestState, tuple[RequestVerb, ...]] = {
    RequestState.RECEIVED: (RequestVerb.EXTEND, *_ENDING),
    # Article 12(3) allows one extension.
    RequestState.EXTENDED: _ENDING,
}


def allowed_verbs(state: RequestState) -> list[RequestVerb]:
    """What may be done in a state; nothing once it was decided."""
    return [*_ALLOWED.get(state, ())]


def address_of(kind: RequestKind, request_id: object, person_id: object) -> str | None:
    """The path where a request is carried out: the copy, or the person to be changed;
    None where only a decision is needed.
    """
    # `fulfil` itself restricts or erases; an objection is decided by people.
    addresses = {
        RequestKind.ACCESS: f"/v1/casework/data-subject-requests/{request_id}/export",
        RequestKind.RECTIFICATION: f"/v1/casework/people/{person_id}",
    }
    return addresses.get(kind)
