"""What an institution may be. Pure."""

from enum import StrEnum


class Sector(StrEnum):
    """Sectors of the cross-sector support model, and those that work beside them."""

    EDUCATION = "education"
    HEALTH = "health"
    SOCIAL_ASSISTANCE = "social_assistance"
    FAMILY_SUPPORT = "family_support"
    LABOUR = "labour"
    SOCIAL_ECONOMY = "social_economy"
    CIVIC = "civic"
    JUSTICE = "justice"


class InstitutionType(StrEnum):
    """Kinds of institutions, by the terms of the Polish registers."""

    KINDERGARTEN = "kindergarten"
    OTHER_PRESCHOOL_FORM = "other_preschool_form"
    PRIMARY_SCHOOL = "primary_school"
    SECONDARY_SCHOOL = "secondary_school"
    SCHOOL_COMPLEX = "school_complex"
    SPECIAL_SCHOOL_CENTRE = "special_school_centre"
    SPECIAL_EDUCATION_CENTRE = "special_education_centre"
    REHABILITATION_EDUCATION_CENTRE = "rehabilitation_education_centre"
    YOUTH_EDUCATION_CENTRE = "youth_education_centre"
    YOUTH_SOCIOTHERAPY_CENTRE = "youth_sociotherapy_centre"
    PSYCH_PED_COUNSELLING_CENTRE = "psych_ped_counselling_centre"
    SPECIALIST_COUNSELLING_CENTRE = "specialist_counselling_centre"
    TEACHER_TRAINING_CENTRE = "teacher_training_centre"
    OTHER_EDUCATION_INSTITUTION = "other_education_institution"
    SUPERINTENDENTS_OFFICE = "superintendents_office"
    NURSERY = "nursery"
    CHILDRENS_CLUB = "childrens_club"
    DAY_CARER = "day_carer"
    HEALTH_ENTITY = "health_entity"
    COMMUNITY_MENTAL_HEALTH_CENTRE = "community_mental_health_centre"
    HOSPITAL = "hospital"
    SOCIAL_ASSISTANCE_CENTRE = "social_assistance_centre"
    SOCIAL_SERVICES_CENTRE = "social_services_centre"
    COUNTY_FAMILY_SUPPORT_CENTRE = "county_family_support_centre"
    RESIDENTIAL_CARE_HOME = "residential_care_home"
    DAY_SUPPORT_CENTRE = "day_support_centre"
    COMMUNITY_SELF_HELP_CENTRE = "community_self_help_centre"
    CRISIS_INTERVENTION_CENTRE = "crisis_intervention_centre"
    FOSTER_CARE_ORGANISER = "foster_care_organiser"
    COUNTY_LABOUR_OFFICE = "county_labour_office"
    SOCIAL_INTEGRATION_CENTRE = "social_integration_centre"
    SOCIAL_INTEGRATION_CLUB = "social_integration_club"
    VOCATIONAL_ACTIVITY_ESTABLISHMENT = "vocational_activity_establishment"
    OCCUPATIONAL_THERAPY_WORKSHOP = "occupational_therapy_workshop"
    SOCIAL_ECONOMY_SUPPORT_CENTRE = "social_economy_support_centre"
    COURT = "court"
    POLICE = "police"
    NGO = "ngo"
    LOCAL_AUTHORITY = "local_authority"
    OTHER = "other"


class Ownership(StrEnum):
    """Whether an institution is public."""

    PUBLIC = "public"
    NON_PUBLIC = "non_public"


class ReferenceLevel(StrEnum):
    """Reference level of a health institution (child psychiatry: community, ward, highly specialised)."""

    I = "I"  # noqa: E741 - the Roman numeral is the name in law
    II = "II"
    III = "III"


class FunctionKind(StrEnum):
    """Functions that a county gives to an institution for a time."""

    WOKRO = "wokro"
    PCKZ = "pckz"
    COORDINATING_INSTITUTION = "coordinating_institution"


class DesignationMode(StrEnum):
    """How a function was given: by the county head's designation, or entrusted by agreement."""

    DESIGNATED = "designated"
    ENTRUSTED = "entrusted"


class InstitutionSource(StrEnum):
    """The register that a record came from."""

    MANUAL = "manual"
    RSPO = "rspo"
    NURSERIES = "nurseries"
    GENERIC = "generic"


_T, _S = InstitutionType, Sector

SECTOR_OF_TYPE: dict[InstitutionType, Sector] = {
    **dict.fromkeys(
        (
            _T.KINDERGARTEN, _T.OTHER_PRESCHOOL_FORM, _T.PRIMARY_SCHOOL, _T.SECONDARY_SCHOOL, _T.SCHOOL_COMPLEX,
            _T.SPECIAL_SCHOOL_CENTRE, _T.SPECIAL_EDUCATION_CENTRE, _T.REHABILITATION_EDUCATION_CENTRE,
            _T.YOUTH_EDUCATION_CENTRE, _T.YOUTH_SOCIOTHERAPY_CENTRE, _T.PSYCH_PED_COUNSELLING_CENTRE,
            _T.SPECIALIST_COUNSELLING_CENTRE, _T.TEACHER_TRAINING_CENTRE, _T.OTHER_EDUCATION_INSTITUTION,
            # It oversees schools and runs none (source 001 invites it
            # together with them).
            _T.SUPERINTENDENTS_OFFICE,
        ),
        _S.EDUCATION,
    ),
    **dict.fromkeys((_T.HEALTH_ENTITY, _T.COMMUNITY_MENTAL_HEALTH_CENTRE, _T.HOSPITAL), _S.HEALTH),
    **dict.fromkeys(
        (
            _T.SOCIAL_ASSISTANCE_CENTRE, _T.SOCIAL_SERVICES_CENTRE, _T.RESIDENTIAL_CARE_HOME,
            _T.COMMUNITY_SELF_HELP_CENTRE, _T.CRISIS_INTERVENTION_CENTRE,
        ),
        _S.SOCIAL_ASSISTANCE,
    ),
    **dict.fromkeys(
        (
            # Nurseries give care and are no part of the school system (act of 4
            # February 2011); day support and foster care are of the act on family
            # support (9 June 2011).
            _T.NURSERY, _T.CHILDRENS_CLUB, _T.DAY_CARER, _T.COUNTY_FAMILY_SUPPORT_CENTRE, _T.DAY_SUPPORT_CENTRE,
            _T.FOSTER_CARE_ORGANISER,
        ),
        _S.FAMILY_SUPPORT,
    ),
    _T.COUNTY_LABOUR_OFFICE: _S.LABOUR,
    **dict.fromkeys(
        (
            _T.SOCIAL_INTEGRATION_CENTRE, _T.SOCIAL_INTEGRATION_CLUB, _T.VOCATIONAL_ACTIVITY_ESTABLISHMENT,
            _T.OCCUPATIONAL_THERAPY_WORKSHOP, _T.SOCIAL_ECONOMY_SUPPORT_CENTRE,
        ),
        _S.SOCIAL_ECONOMY,
    ),
    **dict.fromkeys((_T.COURT, _T.POLICE), _S.JUSTICE),
}  # fmt: skip
"""The sector that a type implies. An NGO, a local authority or another institution names its own."""


def sector_of(kind: InstitutionType, sector: Sector | None) -> Sector | None:
    """The sector of an institution: the one that its type implies, else the
    given `sector`.
    """
    return SECTOR_OF_TYPE.get(kind, sector)


def sector_contradicts(kind: InstitutionType, sector: Sector | None) -> bool:
    """Whether the given sector is not the one that the type implies."""
    return sector is not None and SECTOR_OF_TYPE.get(kind, sector) != sector
