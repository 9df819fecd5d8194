"""Who is trained, and what of it fits together. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


# Two values, since source 003 reports by women and men; no rule asks for it.
class Sex(StrEnum):
    """By which indicators are counted (source 003)."""

    FEMALE = "female"
    MALE = "male"


class OrganisationType(StrEnum):
    """Whose staff somebody is (source 002.

    Bodies of social employment; source 003: authorities).
    """

    NGO = "ngo"
    LOCAL_AUTHORITY = "local_authority"
    LOCAL_AUTHORITY_UNIT = "local_authority_unit"
    CIS = "cis"
    KIS = "kis"
    OWES = "owes"
    REINTEGRATION_UNIT = "reintegration_unit"
    OTHER = "other"


class OrganisationRelation(StrEnum):
    """How somebody belongs to the organisation.

    Staff by contract count as employees do. Source 002, footnote 1.
    """

    EMPLOYEE = "employee"
    PERSONNEL = "personnel"
    SECONDED = "seconded"


class TargetGroup(StrEnum):
    """The three groups of source 003. The last one is reached through the other two."""

    OPERATIONAL_STAFF = "operational_staff"
    AUTHORITY_LEADERS = "authority_leaders"
    SCHOOL_HEADS_AND_STAKEHOLDERS = "school_heads_and_stakeholders"


class AudienceRole(StrEnum):
    """The four coordinators of the cross-sector support model.

    KWM, KIK, KBWWR, KBU (source 000).
    """

    CROSS_SECTOR_SUPPORT_COORDINATOR = "cross_sector_support_coordinator"
    COORDINATING_INSTITUTION_COORDINATOR = "coordinating_institution_coordinator"
    EARLY_SCREENING_COORDINATOR = "early_screening_coordinator"
    PUPIL_SCREENING_COORDINATOR = "pupil_screening_coordinator"


OF_AUTHORITY = frozenset(
    {OrganisationType.LOCAL_AUTHORITY, OrganisationType.LOCAL_AUTHORITY_UNIT}
)
"""The authority, and units such as a joint service centre of schools (source 003)."""
DECIDING = (
    "organisation_type",
    "relation",
    "site_id",
    "authority_id",
    "target_group",
    "audience_role",
)
"""The facts by which somebody is enrolled: while they are, these stay."""


def contradictions(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What of a trainee does not fit together: field and code; empty where all does."""
    wrong = []
    # Else staff of another organisation would count into an authority's team.
    if facts["authority_id"] and facts["organisation_type"] not in OF_AUTHORITY:
        wrong.append(("authority_id", "contradicts"))
    # An id without its system would be anybody's number 1.
    if (facts["source"] is None) != (facts["external_id"] is None):
        lacking = "source" if facts["source"] is None else "external_id"
        wrong.append((lacking, "missing"))
    return wrong
