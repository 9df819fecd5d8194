"""The permissions of training, and which role has which of them with what reach."""

from enum import StrEnum

from services.chassis.trust.callers import Grants, Reach, Related


class Permission(StrEnum):
    """A permission that an endpoint demands."""

    READ_PROGRAMMES = "training:programmes:read"
    EDIT_PROGRAMMES = "training:programmes:edit"
    AGREE = "training:programmes:agree"
    """To agree at all; each side has its own permission as well."""
    AGREE_FOR_CLIENT = "training:programmes:agree-for-client"
    AGREE_FOR_CONTRACTOR = "training:programmes:agree-for-contractor"
    READ_CONCEPT_REVIEWS = "training:concept-reviews:read"
    WRITE_CONCEPT_REVIEWS = "training:concept-reviews:write"
    READ_PARTNERS = "training:partners:read"
    EDIT_PARTNERS = "training:partners:edit"
    READ_MATERIALS = "training:materials:read"
    EDIT_MATERIALS = "training:materials:edit"
    READ_TRAINERS = "training:trainers:read"
    EDIT_TRAINERS = "training:trainers:edit"
    READ_ROOMS = "training:rooms:read"
    EDIT_ROOMS = "training:rooms:edit"
    READ_TRAINEES = "training:trainees:read"
    EDIT_TRAINEES = "training:trainees:edit"
    IMPORT_TRAINEES = "training:trainees:import"
    READ_GROUPS = "training:groups:read"
    EDIT_GROUPS = "training:groups:edit"
    MOVE_GROUPS = "training:groups:move"
    READ_ENROLMENTS = "training:enrolments:read"
    ENROL = "training:enrolments:enrol"
    DECIDE_ENROLMENTS = "training:enrolments:decide"
    WITHDRAW_ENROLMENTS = "training:enrolments:withdraw"
    READ_SESSIONS = "training:sessions:read"
    EDIT_SESSIONS = "training:sessions:edit"
    READ_ATTENDANCE = "training:attendance:read"
    RECORD_ATTENDANCE = "training:attendance:record"
    READ_HOURS = "training:hours:read"
    IMPORT_HOURS = "training:hours:import"
    READ_ADVISORY_CONTACTS = "training:advisory-contacts:read"
    RECORD_ADVISORY_CONTACTS = "training:advisory-contacts:record"
    READ_VALIDATIONS = "training:validations:read"
    RECORD_VALIDATIONS = "training:validations:record"
    READ_CERTIFICATES = "training:certificates:read"
    ISSUE_CERTIFICATES = "training:certificates:issue"
    REVOKE_CERTIFICATES = "training:certificates:revoke"
    SHOW_CERTIFICATES = "training:certificates:show"
    READ_AUTHORITIES = "training:authorities:read"
    EDIT_AUTHORITIES = "training:authorities:edit"
    MOVE_AUTHORITIES = "training:authorities:move"
    READ_AUTHORITY_WORK = "training:authority-work:read"
    WRITE_AUTHORITY_WORK = "training:authority-work:write"
    RECORD_ADVISORY_VISITS = "training:advisory-visits:record"
    DECIDE_CHECK_INS = "training:check-ins:decide"
    READ_GOOD_PRACTICES = "training:good-practices:read"
    WRITE_GOOD_PRACTICES = "training:good-practices:write"
    DECIDE_GOOD_PRACTICES = "training:good-practices:decide"
    READ_CONFERENCES = "training:conferences:read"
    EDIT_CONFERENCES = "training:conferences:edit"
    REGISTER_FOR_CONFERENCES = "training:conferences:register"
    READ_REGISTRATIONS = "training:registrations:read"
    RECORD_REGISTRATIONS = "training:registrations:record"
    RETAIN = "training:retention:decide"
    READ_INDICATORS = "training:indicators:read"
    EDIT_INDICATORS = "training:indicators:edit"
    READ_BUDGETS = "training:budgets:read"
    EDIT_BUDGETS = "training:budgets:edit"
    READ_SURVEYS = "training:surveys:read"
    EDIT_SURVEYS = "training:surveys:edit"
    ANSWER_SURVEYS = "training:surveys:answer"
    READ_SURVEY_RESULTS = "training:surveys:read-results"
    READ_FOCUS_GROUPS = "training:focus-groups:read"
    EDIT_FOCUS_GROUPS = "training:focus-groups:edit"
    READ_OUTREACH = "training:outreach-metrics:read"
    EDIT_OUTREACH = "training:outreach-metrics:edit"
    READ_EVENTS = "training:events:read"
    OPERATE_JOBS = "training:jobs:operate"
    READ_AUDIT = "training:audit-records:read"


P = Permission
Granted = dict[Permission, Reach | Related]

# Kinds of relation of an account. `trainer`: to the groups that it trains.
# `participant`: to the groups in which it has a seat. `trainee`: to its own records.
# `member`: to the authority of its task team. `adviser`: to authorities it advises.
_PUBLIC_FACTS: Granted = dict.fromkeys(
    (
        P.READ_PROGRAMMES,
        P.READ_PARTNERS,
        P.READ_GROUPS,
        P.READ_SESSIONS,
        P.READ_AUTHORITIES,
        P.READ_GOOD_PRACTICES,
        P.READ_CONFERENCES,
        P.READ_INDICATORS,
        P.READ_HOURS,
        P.READ_SURVEYS,
        P.READ_FOCUS_GROUPS,
        P.READ_OUTREACH,
        P.REGISTER_FOR_CONFERENCES,
        P.ANSWER_SURVEYS,
    ),
    Reach.EVERYWHERE,
)
"""Public facts: offers of programmes, their dates and places, and their counts.

Every signed-in caller may read them.
"""

_PEOPLE_SEEN = (
    P.READ_TRAINEES,
    P.READ_ENROLMENTS,
    P.READ_ATTENDANCE,
    P.READ_VALIDATIONS,
    P.READ_CERTIFICATES,
)
"""Permissions to read data of single trainees."""
_WHOLE_COUNTRY = (
    P.EDIT_PROGRAMMES,
    P.READ_CONCEPT_REVIEWS,
    P.WRITE_CONCEPT_REVIEWS,
    P.EDIT_PARTNERS,
    P.READ_MATERIALS,
    P.EDIT_MATERIALS,
    P.READ_TRAINERS,
    P.EDIT_TRAINERS,
    P.READ_ROOMS,
    P.EDIT_INDICATORS,
    P.READ_BUDGETS,
    P.EDIT_BUDGETS,
    P.EDIT_CONFERENCES,
    P.RETAIN,
    P.EDIT_SURVEYS,
    P.READ_SURVEY_RESULTS,
    P.EDIT_OUTREACH,
)
"""A training manager's permissions for data without a county."""
_ORGANISED = (
    *_PEOPLE_SEEN,
    P.EDIT_ROOMS,
    P.EDIT_TRAINEES,
    P.IMPORT_TRAINEES,
    P.EDIT_GROUPS,
    P.MOVE_GROUPS,
    P.ENROL,
    P.DECIDE_ENROLMENTS,
    P.WITHDRAW_ENROLMENTS,
    P.EDIT_SESSIONS,
    P.RECORD_ATTENDANCE,
    P.IMPORT_HOURS,
    P.READ_ADVISORY_CONTACTS,
    P.RECORD_ADVISORY_CONTACTS,
    P.RECORD_VALIDATIONS,
    P.ISSUE_CERTIFICATES,
    P.REVOKE_CERTIFICATES,
    P.EDIT_AUTHORITIES,
    P.MOVE_AUTHORITIES,
    P.READ_AUTHORITY_WORK,
    P.WRITE_AUTHORITY_WORK,
    P.RECORD_ADVISORY_VISITS,
    P.DECIDE_CHECK_INS,
    P.WRITE_GOOD_PRACTICES,
    P.DECIDE_GOOD_PRACTICES,
    P.READ_REGISTRATIONS,
    P.RECORD_REGISTRATIONS,
    P.EDIT_FOCUS_GROUPS,
)
"""A training manager's permissions for groups and authorities of their counties."""

_STAFF: Granted = _PUBLIC_FACTS | dict.fromkeys(
    (P.READ_MATERIALS, P.READ_TRAINERS, P.READ_ROOMS), Reach.EVERYWHERE
)
_READS: Granted = (
    _STAFF
    | dict.fromkeys(
        (P.READ_CONCEPT_REVIEWS, P.READ_BUDGETS, P.READ_SURVEY_RESULTS),
        Reach.EVERYWHERE,
    )
    | dict.fromkeys(
        (
            *_PEOPLE_SEEN,
            P.READ_ADVISORY_CONTACTS,
            P.READ_AUTHORITY_WORK,
            P.READ_REGISTRATIONS,
        ),
        Reach.OWN_COUNTIES,
    )
)

GRANTS: Grants = {
    # Roles of the other services read public facts, and no data of people.
    **dict.fromkeys(
        (
            "institution_coordinator",
            "early_screening_coordinator",
            "pupil_screening_coordinator",
            "screener",
            "specialist",
            "service_provider",
            "registry_editor",
            "researcher",
        ),
        _PUBLIC_FACTS,
    ),
    "county_coordinator": _PUBLIC_FACTS
    | {
        P.READ_ADVISORY_CONTACTS: Reach.OWN_COUNTIES,
        P.READ_AUTHORITY_WORK: Reach.OWN_COUNTIES,
        # Counties describe their own practices of the support model.
        P.WRITE_GOOD_PRACTICES: Reach.OWN_COUNTIES,
    },
    "training_manager": _STAFF
    | dict.fromkeys(_WHOLE_COUNTRY, Reach.EVERYWHERE)
    | dict.fromkeys(_ORGANISED, Reach.OWN_COUNTIES)
    | dict.fromkeys((P.AGREE, P.AGREE_FOR_CONTRACTOR), Reach.EVERYWHERE),
    "programme_manager": _STAFF
    | dict.fromkeys(
        (
            P.AGREE,
            P.AGREE_FOR_CLIENT,
            P.READ_CONCEPT_REVIEWS,
            P.READ_BUDGETS,
            P.READ_SURVEY_RESULTS,
        ),
        Reach.EVERYWHERE,
    ),
    "trainer": _STAFF
    | dict.fromkeys(
        (
            P.READ_TRAINEES,
            P.READ_ENROLMENTS,
            P.READ_ATTENDANCE,
            P.RECORD_ATTENDANCE,
        ),
        Related(("trainer",)),
    )
    # Validators may not be trainers of the group, which a rule checks.
    | {
        P.READ_VALIDATIONS: Related(("trainer", "validator")),
        P.RECORD_VALIDATIONS: Related(("validator",)),
    },
    "trainee": _PUBLIC_FACTS
    | {P.READ_MATERIALS: Reach.EVERYWHERE}
    # Only the holder decides what others see of a certificate.
    | dict.fromkeys(
        (*_PEOPLE_SEEN, P.WITHDRAW_ENROLMENTS, P.SHOW_CERTIFICATES),
        Related(("trainee",)),
    ),
    "adviser": _STAFF
    | dict.fromkeys(
        (
            P.READ_AUTHORITY_WORK,
            P.RECORD_ADVISORY_VISITS,
            P.READ_ADVISORY_CONTACTS,
            P.RECORD_ADVISORY_CONTACTS,
        ),
        Related(("adviser",)),
    ),
    "authority_member": _PUBLIC_FACTS
    | {P.READ_MATERIALS: Reach.EVERYWHERE}
    | dict.fromkeys(
        (P.READ_AUTHORITY_WORK, P.WRITE_AUTHORITY_WORK, P.WRITE_GOOD_PRACTICES),
        Related(("member",)),
    ),
    # Reads audit records alone, and none of the data that they are about.
    "auditor": {P.READ_AUDIT: Reach.OWN_COUNTIES},
    "operator": {P.OPERATE_JOBS: Reach.EVERYWHERE, P.READ_EVENTS: Reach.EVERYWHERE},
    "training:read": _READS,
    # Both sides, as an application may act for either; one account that agrees for
    # both is refused.
    "training:write": _READS
    | dict.fromkeys(
        (*_WHOLE_COUNTRY, P.AGREE, P.AGREE_FOR_CONTRACTOR, P.AGREE_FOR_CLIENT),
        Reach.EVERYWHERE,
    )
    | dict.fromkeys(_ORGANISED, Reach.OWN_COUNTIES),
    "events:read": {P.READ_EVENTS: Reach.EVERYWHERE},
}
