"""Who did what to what: collected while an action runs, written in the same transaction, never changed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.chassis.callers import Caller
from services.chassis.work import Change


def record(
    change: Change,
    caller: Caller,
    action: str,
    subject: str,
    *,
    county: str | None = None,
    institution: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
    outcome: str = "done",
) -> None:
    """Note one action on one subject (`institutions/<id>`). `detail` holds names, codes and counts, no content."""
    change.effects.audit.append(
        {
            "actor": caller.subject,
            "action": action,
            "subject": subject,
            "outcome": outcome,
            "county_terc": county,
            "institution_id": str(institution) if institution else None,
            "detail": dict(detail or {}),
        }
    )
