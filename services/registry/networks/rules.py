"""Roles and states of members that an overview counts, and which days fit together. Pure."""

from datetime import date
from enum import StrEnum


# Here and not in `memberships`: the overview of a network counts by them.
class NetworkRole(StrEnum):
    """Roles of institutions in a local support network (source 000)."""

    COORDINATING = "coordinating"
    SUPPORTING = "supporting"
    COOPERATING = "cooperating"


class MembershipState(StrEnum):
    """Where a membership stands."""

    PROPOSED = "proposed"
    INCLUDED = "included"
    EXCLUDED = "excluded"


def day_contradiction(day: date, today: date, *earlier: date | None) -> str | None:
    """The code of what is wrong with a day that is not in the future and not before the earlier ones."""
    if day > today:
        return "in_future"
    is_early = any(before is not None and day < before for before in earlier)
    return "wrong_order" if is_early else None


def wrong_days(
    field: str, day: date, today: date, *earlier: date | None
) -> list[tuple[str, str]]:
    """The same as the field and its code; empty where the day fits."""
    code = day_contradiction(day, today, *earlier)
    return [(field, code)] if code else []
