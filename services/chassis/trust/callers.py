"""Who is calling, and how far each of their permissions reaches."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple
from uuid import UUID

from services.chassis.trust.tokens import Claims

_SCOPE = re.compile(r"[a-z0-9_-]+:[a-z0-9_-]+", re.ASCII)
# For whom a service calls by its own account, percent-encoded. The gateway drops it.
ACTS_FOR = "X-Acts-For"


class Reach(IntEnum):
    """How far a permission goes."""

    RELATED = 0
    """No further than to objects of the caller's relations."""
    OWN_INSTITUTION = 1
    OWN_COUNTIES = 2
    EVERYWHERE = 3


class Related(NamedTuple):
    """A permission for objects that relations of these kinds lead to, in any county."""

    kinds: tuple[str, ...]
    beside: Reach = Reach.RELATED
    """How far the permission goes apart from relations."""


# The permissions of each role, and of each scope of an application, with their reach. A
# scope is recognized by the colon in its name.
Grants = Mapping[str, Mapping[Any, Reach | Related]]


@dataclass(frozen=True)
class Caller:
    """Somebody with a verified token, and their permissions in this service."""

    subject: str
    roles: tuple[str, ...] = ()
    counties: frozenset[str] = frozenset()
    institution_id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    permissions: Mapping[str, tuple[Reach, ...]] = field(default_factory=dict)
    """Each permission with its reaches, by role and by scope: both have to hold."""
    is_service_account: bool = False
    relations: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Each permission that the caller's relations widen, with their kinds."""
    acts_for: str | None = None
    """For whom a service account says it acts: for the audit, it gives no right."""
    authenticated_at: float | None = None
    """When they last logged in, in seconds since 1970; None where unknown."""

    def reaches(self, permission: str) -> tuple[Reach, ...]:
        """Every reach that has to hold for an object; empty without the permission.

        With the counties `*`, own counties are everywhere.
        """
        reaches = self.permissions.get(permission, ())
        if Reach.OWN_COUNTIES in reaches and "*" in self.counties:
            return tuple(
                Reach.EVERYWHERE if reach == Reach.OWN_COUNTIES else reach
                for reach in reaches
            )
        return reaches

    def reach(self, permission: str) -> Reach | None:
        """The narrowest reach of the caller's permission; None without it."""
        return min(self.reaches(permission), default=None)


def has_scopes(caller: Caller) -> bool:
    """Whether scopes of the platform limit the caller's permissions."""
    return any(map(is_scope, caller.scopes))


def is_scope(name: str) -> bool:
    """Whether this is a scope of the platform: no role, no scope of OpenID Connect.

    Decided by its form: so a scope of another service or a later version still counts
    as a limit.

    >>> [is_scope(name) for name in ("registry:read", "openid", "operator", "urn:a:b")]
    [True, False, False, False]
    """
    return _SCOPE.fullmatch(name) is not None


def caller_of(claims: Claims, grants: Grants) -> Caller:
    """The caller with these claims under these grants.

    A person may do what their roles allow. Scopes of the platform in a person's token
    limit the application that they use: it may do for them what both allow, with the
    narrower reach. Scopes alone count for a service account.
    """
    scopes = [scope for scope in claims.scopes if is_scope(scope)]
    alone = bool(scopes) and not claims.roles and not claims.is_for_a_person
    limits = (
        []
        if alone
        # A role is never looked up as a scope, nor a scope as a role.
        else [_widest((role for role in claims.roles if not is_scope(role)), grants)]
    )
    if scopes:
        limits.append(_widest(scopes, grants))
    # A permission by only one of the two is left out: scopes narrow roles.
    shared = set.intersection(*(set(limit) for limit in limits))
    permissions = {
        name: tuple(sorted({limit[name] for limit in limits})) for name in shared
    }
    # Relations are narrower than counties: applications may use them as well.
    relations = {
        name: kinds
        for name, kinds in _relations(claims.roles, grants).items()
        if name in shared
    }
    return Caller(
        claims.subject,
        claims.roles,
        claims.counties,
        claims.institution_id,
        claims.scopes,
        permissions,
        alone,
        relations,
        authenticated_at=claims.authenticated_at,
    )


def _widest(holders: Iterable[str], grants: Grants) -> dict[str, Reach]:
    """The permissions of these roles or scopes, each with its widest reach."""
    widest: dict[str, Reach] = {}
    for holder in holders:
        for permission, grant in grants.get(holder, {}).items():
            reach = grant.beside if isinstance(grant, Related) else grant
            widest[permission] = max(reach, widest.get(permission, reach))
    return widest


def _relations(roles: Iterable[str], grants: Grants) -> dict[str, frozenset[str]]:
    """The kinds of relation that widen each permission, of all roles together."""
    kinds: dict[str, frozenset[str]] = {}
    for role in roles:
        for permission, grant in grants.get(role, {}).items():
            if isinstance(grant, Related):
                kinds[permission] = kinds.get(permission, frozenset()).union(
                    grant.kinds
                )
    return kinds


def acting(caller: Caller, *, of_people: bool) -> dict[str, Any]:
    """Facts for the audit trail beside the subject: for whom an application acts.

    For actions on people also the roles and the institution of the caller.
    """
    # Roles may be withdrawn later: the record names those of the action.
    facts: dict[str, Any] = {"acts_for": caller.acts_for} if caller.acts_for else {}
    if of_people:
        own = caller.institution_id
        institution = None if own is None else str(own)
        facts |= {"roles": [*caller.roles], "from_institution": institution}
    return facts


def kept_caller(caller: Caller) -> dict[str, Any]:
    """The caller as JSON, for work that outlives the request."""
    of_json = {
        "institution_id": str(caller.institution_id) if caller.institution_id else None
    }
    sets = {"counties": sorted(caller.counties), "scopes": sorted(caller.scopes)}
    relations = {name: sorted(kinds) for name, kinds in caller.relations.items()}
    fields = asdict(caller) | of_json | sets | {"relations": relations}
    # A login belongs to a request: later work was not logged in for.
    del fields["authenticated_at"]
    return fields


def caller_kept(fields: Mapping[str, Any]) -> Caller:
    """The caller of these fields; a single reach may stand without a list."""
    # Queued jobs outlive an upgrade, so the older form is read, too.
    reach_lists = {
        name: numbers if isinstance(numbers, list) else [numbers]
        for name, numbers in fields["permissions"].items()
    }
    reaches = {name: tuple(map(Reach, each)) for name, each in reach_lists.items()}
    institution = UUID(fields["institution_id"]) if fields["institution_id"] else None
    sets = {name: frozenset(fields[name]) for name in ("counties", "scopes")}
    related = {
        name: frozenset(kinds) for name, kinds in fields.get("relations", {}).items()
    }
    others: dict[str, Any] = {
        "roles": tuple(fields["roles"]),
        "institution_id": institution,
        "permissions": reaches,
        "relations": related,
    }
    return Caller(**{**fields, **sets, **others})
