"""How far a version of a document has come, and what may be done with it. Pure."""

from datetime import date
from enum import StrEnum


class DocumentState(StrEnum):
    """A version is worked on, then adopted, then gives way to a later adopted one."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    SUPERSEDED = "superseded"


def allowed_verbs(*, is_adopted: bool) -> list[str]:
    """What may be done with a version; what is adopted stays as it is."""
    # No verb takes an adoption back: steps rest on what was adopted.
    return [] if is_adopted else ["adopt"]


def wrong_adoption(
    adopted_on: date, valid_from: date, today: date
) -> list[tuple[str, str]]:
    """What is wrong with the days of an adoption: field and code."""
    wrong = []
    if adopted_on > today:
        wrong.append(("adopted_on", "in_future"))
    # It may bind later than it was adopted, and never before anybody agreed to it.
    if valid_from < adopted_on:
        wrong.append(("valid_from", "wrong_order"))
    return wrong
