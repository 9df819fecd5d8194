"""Facts of trainees, and whether they are consistent. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


# Two values, since source 003 reports women and men; no rule depends on it.
class Sex(StrEnum):
    """The sex by which indicators are counted (source 003)."""

    FEMALE = "female"
    MALE = "male"


class OrganisationType(StrEnum):
    """The kind of a trainee's organisation.

    Source 002: bodies of social employment; source 003: authorities.
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
    """The relation of a trainee to the organisation.

    Staff by contract count like employees (source 002, footnote 1).
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
"""Facts on which an enrolment is based: they cannot change during it."""


def contradictions(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The inconsistent fields of a trainee, each with its code."""
    errors = []
    # Staff of other organisations cannot be in an authority's team.
    if facts["authority_id"] and facts["organisation_type"] not in OF_AUTHORITY:
        errors.append(("authority_id", "contradicts"))
    # An external id is only unique in its source.
    if (facts["source"] is None) != (facts["external_id"] is None):
        lacking = "source" if facts["source"] is None else "external_id"
        errors.append((lacking, "missing"))
    return errors
