"""The rights of a webhook's owner, by their last token, judged anew at each sending."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.chassis.trust.callers import Caller
from services.chassis.trust.tokens import Claims

# A right that was withdrawn shows in the owner's next token: it has to come by then.
RIGHTS_LAST = timedelta(days=3)
CallerOf = Callable[[Claims], Caller]


def kept_rights(caller: Caller) -> dict[str, Any]:
    """The claims of the caller's token, as JSON; their permissions may change later."""
    institution = caller.institution_id
    return {
        "roles": sorted(caller.roles),
        "counties": sorted(caller.counties),
        "institution_id": None if institution is None else str(institution),
        "scopes": sorted(caller.scopes),
        "is_for_a_person": not caller.is_service_account,
    }


def renewed_rights(caller: Caller, now: datetime) -> dict[str, Any]:
    """The columns that a token of the owner renews."""
    return {"rights": kept_rights(caller), "rights_until": now + RIGHTS_LAST}


def owner_now(owner: str, rights: Mapping[str, Any], caller_of: CallerOf) -> Caller:
    """The owner with the permissions that the service grants to such a token now."""
    institution = rights["institution_id"]
    return caller_of(
        Claims(
            subject=owner,
            roles=tuple(rights["roles"]),
            counties=frozenset(rights["counties"]),
            institution_id=UUID(institution) if institution else None,
            scopes=frozenset(rights["scopes"]),
            expires_at=0.0,
            is_for_a_person=rights["is_for_a_person"],
        )
    )
