"""The states of a version of a document, and what may be done with it. Pure."""

from datetime import date
from enum import StrEnum


class DocumentState(StrEnum):
    """A version is a draft, then adopted, then superseded by a later adopted one."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    SUPERSEDED = "superseded"


def allowed_verbs(*, is_adopted: bool) -> list[str]:
    """What may be done with a version; an adopted version does not change."""
    # No verb takes an adoption back: adopted versions are evidence of steps.
    return [] if is_adopted else ["adopt"]


def wrong_adoption(
    adopted_on: date, valid_from: date, today: date
) -> list[tuple[str, str]]:
    """The errors in the days of an adoption: field and code."""
    wrong = []
    if adopted_on > today:
        wrong.append(("adopted_on", "in_future"))
    # A version may be valid from a later day than its adoption, never from
    # an earlier one.
    if valid_from < adopted_on:
        wrong.append(("valid_from", "wrong_order"))
    return wrong
