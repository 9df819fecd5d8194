"""What the owner of a webhook may read, as their last token said, judged anew each time."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.chassis.trust.callers import Caller
from services.chassis.trust.tokens import Claims

# A right that was taken away is seen at the owner's next token: it has to come by then.
RIGHTS_LAST = timedelta(days=3)
CallerOf = Callable[[Claims], Caller]


def kept_rights(caller: Caller) -> dict[str, Any]:
    """What the caller's token says, as JSON: what follows from it may change."""
    institution = caller.institution_id
    return {
        "roles": sorted(caller.roles),
        "counties": sorted(caller.counties),
        "institution_id": None if institution is None else str(institution),
        "scopes": sorted(caller.scopes),
        "is_for_a_person": not caller.is_service_account,
    }


def renewed(caller: Caller, now: datetime) -> dict[str, Any]:
    """The columns that a token of the owner renews."""
    return {"rights": kept_rights(caller), "rights_until": now + RIGHTS_LAST}


def owner_now(owner: str, kept: Mapping[str, Any], caller_of: CallerOf) -> Caller:
    """The owner with what the service grants now to such a token."""
    institution = kept["institution_id"]
    return caller_of(
        Claims(
            subject=owner,
            roles=tuple(kept["roles"]),
            counties=frozenset(kept["counties"]),
            institution_id=UUID(institution) if institution else None,
            scopes=frozenset(kept["scopes"]),
            expires_at=0.0,
            is_for_a_person=kept["is_for_a_person"],
        )
    )
