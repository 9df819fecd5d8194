"""How an institution enters a network and leaves it, and which role suits it. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from services.registry.institutions.rules.kinds import (
    SECTOR_OF_TYPE,
    InstitutionType,
    Ownership,
    ReferenceLevel,
    Sector,
)
from services.registry.network_rules.rules import RuleDirection, RuleTerms, is_in_force
from services.registry.networks.rules import MembershipState, NetworkRole


class Verb(StrEnum):
    """What can be decided about a membership."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


# An excluded institution may return. A proposed one cannot be excluded: it
# was never a member.
ALLOWED: Mapping[MembershipState, tuple[Verb, ...]] = {
    MembershipState.PROPOSED: (Verb.INCLUDE,),
    MembershipState.INCLUDED: (Verb.EXCLUDE,),
    MembershipState.EXCLUDED: (Verb.INCLUDE,),
}
LEADS_TO = {
    Verb.INCLUDE: MembershipState.INCLUDED,
    Verb.EXCLUDE: MembershipState.EXCLUDED,
}
NEEDS = {Verb.INCLUDE: RuleDirection.INCLUSION, Verb.EXCLUDE: RuleDirection.EXCLUSION}


def allowed_verbs(state: str) -> list[str]:
    """What may be decided about a membership in this state."""
    return [verb.value for verb in ALLOWED[MembershipState(state)]]


class Standing(NamedTuple):
    """The facts about an institution that a decision of a network depends on."""

    type: InstitutionType
    sector: Sector
    ownership: Ownership | None = None
    reference_level: ReferenceLevel | None = None
    is_in_county: bool = True
    has_verified_service: bool = False
    is_coordinating: bool = False


def not_met(rule: RuleTerms, verb: Verb, day: date, standing: Standing) -> list[str]:
    """Why a decision cannot be made by a rule: its direction, its time, and each
    criterion that is not met.
    """
    types = rule.institution_types
    # All of them are checked, so that the error names everything that is missing.
    checks = {
        "direction": rule.direction == NEEDS[verb],
        "in_force": is_in_force(rule, day),
        "sectors": not rule.sectors or standing.sector in rule.sectors,
        "institution_types": not types or standing.type in types,
        "needs_verified_service": not rule.needs_verified_service
        or standing.has_verified_service,
        "in_county": not rule.in_county or standing.is_in_county,
    }
    return [name for name, is_met in checks.items() if not is_met]


class RolesOfTypes(NamedTuple):
    """By role, the types of institutions that the model names for it, from a day on."""

    since: date
    source: str
    types: Mapping[NetworkRole, frozenset[InstitutionType]]
    supporting_levels: frozenset[ReferenceLevel]


_COUNSELLING = {
    InstitutionType.PSYCH_PED_COUNSELLING_CENTRE,
    InstitutionType.SPECIALIST_COUNSELLING_CENTRE,
}
_HEALTH = {kind for kind, sector in SECTOR_OF_TYPE.items() if sector is Sector.HEALTH}
# Counselling centres are of the education sector, but source 000 names them
# as supporting.
_EDUCATION = {
    kind for kind, sector in SECTOR_OF_TYPE.items() if sector is Sector.EDUCATION
} - {*_COUNSELLING, InstitutionType.SUPERINTENDENTS_OFFICE}

ROLES_OF_TYPES = (
    RolesOfTypes(
        since=date(2022, 9, 1),
        source="source 000, tasks of coordinating, supporting and cooperating units",
        types={
            NetworkRole.COORDINATING: frozenset({InstitutionType.LOCAL_AUTHORITY}),
            NetworkRole.SUPPORTING: frozenset(_COUNSELLING | _HEALTH),
            NetworkRole.COOPERATING: frozenset(_EDUCATION | {InstitutionType.NGO}),
        },
        supporting_levels=frozenset({ReferenceLevel.I, ReferenceLevel.II}),
    ),
)
"""On a day, the latest entry that has begun is valid; before the first one every
role is allowed.
"""


def suits(role: NetworkRole, standing: Standing, on: date) -> bool:
    """Whether the role suits the institution; also True where the data
    cannot decide it.

    Coordination is for local authorities, and for the county's coordinating
    institution. Types that the source does not name, and health institutions of another
    or of unknown reference level, may support or cooperate.
    """
    # By the day of the decision: the model does not apply to decisions made before it.
    entries = [entry for entry in ROLES_OF_TYPES if entry.since <= on]
    if not entries or (role is NetworkRole.COORDINATING and standing.is_coordinating):
        return True
    types = entries[-1].types
    roles = [
        candidate for candidate in NetworkRole if standing.type in types[candidate]
    ]
    if not roles:
        return (
            # Coordination is a public task: an institution that is known to be
            # non-public cannot have it.
            role is not NetworkRole.COORDINATING
            or standing.ownership is not Ownership.NON_PUBLIC
        )
    # Of any type: an NGO that treats at such a level supports as well.
    if standing.reference_level in entries[-1].supporting_levels:
        roles.append(NetworkRole.SUPPORTING)
    elif standing.type in _HEALTH:
        return role is not NetworkRole.COORDINATING
    return role in roles


def suiting_roles(standing: Standing, on: date) -> list[str]:
    """The roles that may be given to the institution."""
    return [role.value for role in NetworkRole if suits(role, standing, on)]
