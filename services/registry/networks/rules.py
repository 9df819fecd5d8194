"""Roles and states of members, and which days of a network fit together. Pure."""

from datetime import date
from enum import StrEnum


# Here and not in `memberships`: the overview of a network counts by them.
class NetworkRole(StrEnum):
    """Roles of institutions in a local support network (source 000)."""

    COORDINATING = "coordinating"
    SUPPORTING = "supporting"
    COOPERATING = "cooperating"


class MembershipState(StrEnum):
    """The states of a membership."""

    PROPOSED = "proposed"
    INCLUDED = "included"
    EXCLUDED = "excluded"


def day_contradiction(day: date, today: date, *earlier: date | None) -> str | None:
    """Why a day does not fit, as a code: it is in the future or before one of the earlier days. None where it fits."""
    if day > today:
        return "in_future"
    is_early = any(before is not None and day < before for before in earlier)
    return "wrong_order" if is_early else None


def ending_contradictions(
    since: date, until: date | None, reason: str | None
) -> list[tuple[str, str]]:
    """The errors in the end of a network that is entered after its end: field and code."""
    if (until is None) != (reason is None):
        missing = "closed_on" if until is None else "closing_reason"
        return [(missing, "both_or_neither")]
    return [("closed_on", "wrong_order")] if until and until <= since else []


def wrong_days(
    field: str, day: date, today: date, *earlier: date | None
) -> list[tuple[str, str]]:
    """Why the day in a field does not fit, as a list of field and code; empty where it fits."""
    code = day_contradiction(day, today, *earlier)
    return [(field, code)] if code else []
