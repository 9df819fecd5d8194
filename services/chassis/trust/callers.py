"""Who is calling, and how far each of their permissions reaches."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple
from uuid import UUID

from services.chassis.trust.tokens import Claims

_SCOPE = re.compile(r"[a-z0-9_-]+:[a-z0-9_-]+", re.ASCII)
ACTS_FOR = "X-Acts-For"
"""The header in what a service asks another with its own account: whom it does so for, percent-encoded."""


class Reach(IntEnum):
    """How far a permission goes."""

    RELATED = 0
    """No further than the caller's relations lead."""
    OWN_INSTITUTION = 1
    OWN_COUNTIES = 2
    EVERYWHERE = 3


class Related(NamedTuple):
    """A permission for what the caller has a relation of one of these kinds to (`team`), in whatever county."""

    kinds: tuple[str, ...]
    beside: Reach = Reach.RELATED
    """How far the permission goes besides."""


Grants = Mapping[str, Mapping[Any, Reach | Related]]
"""What each role, and each scope of an application, may do, and how far. A scope has a colon in its name."""


@dataclass(frozen=True)
class Caller:
    """Somebody with a verified token, and what this service lets them do."""

    subject: str
    roles: tuple[str, ...] = ()
    counties: frozenset[str] = frozenset()
    institution_id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    permissions: Mapping[str, tuple[Reach, ...]] = field(default_factory=dict)
    """Each permission with how far it goes. Where there are two reaches (by role and by scope), both have to hold."""
    is_service_account: bool = False
    relations: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Each permission that also holds of what the caller has a relation to, with the kinds of relation."""
    acts_for: str | None = None
    """The subject that a service account says it acts for: for the audit, it gives no right."""
    authenticated_at: float | None = None
    """When whoever calls last proved who they are, in seconds since 1970; None where the token does not say."""

    def reaches(self, permission: str) -> tuple[Reach, ...]:
        """All that has to hold of whatever the permission is used on; nothing without the permission.

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
    """Whether what the caller may do ends at scopes of the platform, with or without roles."""
    return any(map(is_scope, caller.scopes))


def is_scope(name: str) -> bool:
    """Whether this is a scope of the platform, and neither a role nor a scope of OpenID Connect.

    Its form tells: what another service or a later version allows is not taken for
    nothing at all.

    >>> [is_scope(name) for name in ("registry:read", "openid", "operator", "urn:example:read")]
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
        else [_widest((role for role in claims.roles if not is_scope(role)), grants)]
    )
    if scopes:
        limits.append(_widest(scopes, grants))
    shared = set.intersection(*(set(limit) for limit in limits))
    permissions = {
        name: tuple(sorted({limit[name] for limit in limits})) for name in shared
    }
    # A relation is narrower than any county, so an application that has the permission at all uses it as well.
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
    """The caller as they were when they were kept; the version before this kept one reach, and no list."""
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
