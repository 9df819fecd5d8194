"""Who is calling, and how far each of their permissions reaches."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple
from uuid import UUID

from services.chassis.trust.tokens import Claims

_SCOPE = re.compile(r"[a-z0-9_-]+:[a-z0-9_-]+", re.ASCII)
# Whom a service asks for with its own account, percent-encoded. The gateway drops it.
ACTS_FOR = "X-Acts-For"


class Reach(IntEnum):
    """How far a permission goes."""

    RELATED = 0
    """No further than the caller's relations lead."""
    OWN_INSTITUTION = 1
    OWN_COUNTIES = 2
    EVERYWHERE = 3


class Related(NamedTuple):
    """A permission for what the caller is related to by these kinds, in any county."""

    kinds: tuple[str, ...]
    beside: Reach = Reach.RELATED
    """How far the permission goes besides."""


# What each role, and each scope of an application, may do, and how far. A scope is told
# by the colon in its name.
Grants = Mapping[str, Mapping[Any, Reach | Related]]


@dataclass(frozen=True)
class Caller:
    """Somebody with a verified token, and what this service lets them do."""

    subject: str
    roles: tuple[str, ...] = ()
    counties: frozenset[str] = frozenset()
    institution_id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    permissions: Mapping[str, tuple[Reach, ...]] = field(default_factory=dict)
    """Each permission with its reach; of two (by role and scope) both have to hold."""
    is_service_account: bool = False
    relations: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Each permission that relations of the caller widen, with their kinds."""
    acts_for: str | None = None
    """Whom a service account says it acts for: for the audit, it gives no right."""
    authenticated_at: float | None = None
    """When they last proved who they are, in seconds since 1970; None where unknown."""

    def reaches(self, permission: str) -> tuple[Reach, ...]:
        """All that has to hold of what the permission is used on; nothing without it.

        Counties `*` make own counties everywhere.
        """
        reaches = self.permissions.get(permission, ())
        if Reach.OWN_COUNTIES in reaches and "*" in self.counties:
            return tuple(
                Reach.EVERYWHERE if reach == Reach.OWN_COUNTIES else reach
                for reach in reaches
            )
        return reaches

    def reach(self, permission: str) -> Reach | None:
        """How far the caller's permission goes at most; None without it."""
        return min(self.reaches(permission), default=None)


def has_scopes(caller: Caller) -> bool:
    """Whether scopes of the platform narrow what the caller may do."""
    return any(map(is_scope, caller.scopes))


def is_scope(name: str) -> bool:
    """Whether this is a scope of the platform: no role, no scope of OpenID Connect.

    Its form tells: what another service or a later version allows is not taken for
    nothing at all.

    >>> [is_scope(name) for name in ("registry:read", "openid", "operator", "urn:a:b")]
    [True, False, False, False]
    """
    return _SCOPE.fullmatch(name) is not None


def caller_of(claims: Claims, grants: Grants) -> Caller:
    """The caller that these claims make under these grants.

    A person may do what their roles allow. Scopes of the platform in a person's token
    are those of the application that they use: it may do for them what both allow, as
    far as both reach. Scopes alone count for a service account.
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
    # What only one of the two grants is not there: scopes narrow roles.
    shared = set.intersection(*(set(limit) for limit in limits))
    permissions = {
        name: tuple(sorted({limit[name] for limit in limits})) for name in shared
    }
    # Narrower than any county: an application with the permission uses it as well.
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
    """What any of these roles or scopes may do: of several the widest reach counts."""
    widest: dict[str, Reach] = {}
    for holder in holders:
        for permission, granted in grants.get(holder, {}).items():
            reach = granted.beside if isinstance(granted, Related) else granted
            widest[permission] = max(reach, widest.get(permission, reach))
    return widest


def _relations(roles: Iterable[str], grants: Grants) -> dict[str, frozenset[str]]:
    """The kinds of relation by which each permission reaches, of all roles together."""
    kinds: dict[str, frozenset[str]] = {}
    for role in roles:
        for permission, granted in grants.get(role, {}).items():
            if isinstance(granted, Related):
                kinds[permission] = kinds.get(permission, frozenset()).union(
                    granted.kinds
                )
    return kinds


def acting(caller: Caller, *, of_people: bool) -> dict[str, Any]:
    """What the audit trail says beside the subject: whom an application acts for.

    Of what is about people also in which roles, and for which institution.
    """
    # Roles may be taken away later: the record says by which ones it was done.
    noted: dict[str, Any] = {"acts_for": caller.acts_for} if caller.acts_for else {}
    if of_people:
        own = caller.institution_id
        institution = None if own is None else str(own)
        noted |= {"roles": [*caller.roles], "from_institution": institution}
    return noted


def kept_caller(caller: Caller) -> dict[str, Any]:
    """The caller as JSON, for work that outlives the request."""
    of_json = {
        "institution_id": str(caller.institution_id) if caller.institution_id else None
    }
    sets = {"counties": sorted(caller.counties), "scopes": sorted(caller.scopes)}
    relations = {name: sorted(kinds) for name, kinds in caller.relations.items()}
    kept = asdict(caller) | of_json | sets | {"relations": relations}
    # A login is of a request: what goes on later was not logged in for.
    del kept["authenticated_at"]
    return kept


def caller_kept(kept: Mapping[str, Any]) -> Caller:
    """The caller as they were when kept; a single reach may stand without a list."""
    # Queued jobs outlive an upgrade, so the older form is read, too.
    listed = {
        name: found if isinstance(found, list) else [found]
        for name, found in kept["permissions"].items()
    }
    reaches = {name: tuple(map(Reach, found)) for name, found in listed.items()}
    institution = UUID(kept["institution_id"]) if kept["institution_id"] else None
    sets = {name: frozenset(kept[name]) for name in ("counties", "scopes")}
    related = {
        name: frozenset(kinds) for name, kinds in kept.get("relations", {}).items()
    }
    others: dict[str, Any] = {
        "roles": tuple(kept["roles"]),
        "institution_id": institution,
        "permissions": reaches,
        "relations": related,
    }
    return Caller(**{**kept, **sets, **others})
