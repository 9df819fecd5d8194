"""The states of a document, and the days that can be recorded in each. Pure."""

from enum import StrEnum

from services.casework.documents.rules.deadlines import DocumentDates
from services.casework.documents.rules.kinds import RULINGS


class DocumentState(StrEnum):
    """The state of a document on its way to the family."""

    APPLIED_FOR = "applied_for"
    ISSUED = "issued"
    DELIVERED = "delivered"
    APPEALED = "appealed"


class DocumentVerb(StrEnum):
    """A verb that records a day, once."""

    DELIVER = "deliver"
    HAND_IN = "hand-in"
    APPEAL = "appeal"


def state_of(document: DocumentDates) -> DocumentState:
    """The state that follows from the days of a document."""
    if document.appealed_on is not None:
        return DocumentState.APPEALED
    if document.delivered_on is not None:
        return DocumentState.DELIVERED
    is_issued = document.issued_on is not None
    return DocumentState.ISSUED if is_issued else DocumentState.APPLIED_FOR


def allowed_verbs(document: DocumentDates) -> list[DocumentVerb]:
    """What can still be recorded: each verb once, after the issue; an appeal only from
    a delivered ruling.
    """
    if document.issued_on is None:
        return []
    # Handing in is not a state and can be recorded at any time, because families may
    # hand in late.
    is_delivered = document.delivered_on is not None
    # An opinion is no decision: there is no appeal from it.
    is_open = document.appealed_on is None and document.kind in RULINGS
    possible = {
        DocumentVerb.DELIVER: not is_delivered,
        DocumentVerb.HAND_IN: document.handed_in_on is None,
        DocumentVerb.APPEAL: is_delivered and is_open,
    }
    return [verb for verb in DocumentVerb if possible[verb]]
