"""The permissions of the registry, and which role has them with which reach."""

from enum import StrEnum

from services.chassis.trust.callers import Grants, Reach


class Permission(StrEnum):
    """A permission that an endpoint demands."""

    READ_TERRITORIES = "registry:territories:read"
    IMPORT_TERRITORIES = "registry:territories:import"
    READ_INSTITUTIONS = "registry:institutions:read"
    EDIT_INSTITUTIONS = "registry:institutions:edit"
    CLOSE_INSTITUTIONS = "registry:institutions:close"
    IMPORT_INSTITUTIONS = "registry:institutions:import"
    GIVE_FUNCTIONS = "registry:functions:give"
    READ_SUPPORT_SERVICES = "registry:support-services:read"
    EDIT_SUPPORT_SERVICES = "registry:support-services:edit"
    VERIFY_SUPPORT_SERVICES = "registry:support-services:verify"
    READ_STALE_SUPPORT_SERVICES = "registry:support-services:read-stale"
    READ_RESERVATIONS = "registry:reservations:read"
    EDIT_RESERVATIONS = "registry:reservations:edit"
    READ_LOCAL_PROGRAMMES = "registry:local-programmes:read"
    EDIT_LOCAL_PROGRAMMES = "registry:local-programmes:edit"
    READ_RESOURCES = "registry:resources:read"
    READ_PROCESSES = "registry:processes:read"
    READ_AGREEMENTS = "registry:agreements:read"
    EDIT_AGREEMENTS = "registry:agreements:edit"
    READ_NETWORKS = "registry:networks:read"
    EDIT_NETWORKS = "registry:networks:edit"
    PROPOSE_MEMBERSHIPS = "registry:memberships:propose"
    DECIDE_MEMBERSHIPS = "registry:memberships:decide"
    READ_PROGRAMMES = "registry:programmes:read"
    EDIT_PROGRAMMES = "registry:programmes:edit"
    EDIT_SITES = "registry:sites:edit"
    RECORD_SITE_STEPS = "registry:sites:record-steps"
    SIGN_FOR_COALITION = "registry:scope-decisions:sign-for-coalition"
    SIGN_FOR_PROJECT = "registry:scope-decisions:sign-for-project"
    READ_BODIES = "registry:bodies:read"
    EDIT_BODIES = "registry:bodies:edit"
    RECORD_BODY_STEPS = "registry:bodies:record-steps"
    READ_APPOINTMENTS = "registry:appointments:read"
    EDIT_APPOINTMENTS = "registry:appointments:edit"
    READ_DOCUMENTS = "registry:documents:read"
    EDIT_DOCUMENTS = "registry:documents:edit"
    ADOPT_DOCUMENTS = "registry:documents:adopt"
    READ_LEGAL_ACTS = "registry:legal-acts:read"
    EDIT_LEGAL_ACTS = "registry:legal-acts:edit"
    READ_REGISTER_STATISTICS = "registry:register-statistics:read"
    READ_REGISTER_REPORTS = "registry:register-reports:read"
    EDIT_REGISTER_REPORTS = "registry:register-reports:edit"
    IMPORT_REGISTER_REPORTS = "registry:register-reports:import"
    READ_EVENTS = "registry:events:read"
    OPERATE_JOBS = "registry:jobs:operate"
    READ_AUDIT = "registry:audit-records:read"


P = Permission

_PUBLIC_FACTS = {
    P.READ_TERRITORIES: Reach.EVERYWHERE,
    P.READ_INSTITUTIONS: Reach.EVERYWHERE,
    P.READ_SUPPORT_SERVICES: Reach.EVERYWHERE,
    P.READ_LOCAL_PROGRAMMES: Reach.EVERYWHERE,
    P.READ_PROCESSES: Reach.EVERYWHERE,
    P.READ_AGREEMENTS: Reach.EVERYWHERE,
    P.READ_NETWORKS: Reach.EVERYWHERE,
    P.READ_PROGRAMMES: Reach.EVERYWHERE,
    P.READ_BODIES: Reach.EVERYWHERE,
    P.READ_DOCUMENTS: Reach.EVERYWHERE,
    P.READ_LEGAL_ACTS: Reach.EVERYWHERE,
    P.READ_REGISTER_STATISTICS: Reach.EVERYWHERE,
}
"""Registers (TERYT, RSPO, nurseries) and the agreements and bodies of local authorities
are public: nearly every role may read them.
"""

# The facts about a county that are not public: people, the state of its offer, reports.
_COUNTY_VIEW = _PUBLIC_FACTS | {
    P.READ_RESOURCES: Reach.OWN_COUNTIES,
    P.READ_STALE_SUPPORT_SERVICES: Reach.OWN_COUNTIES,
    P.READ_APPOINTMENTS: Reach.OWN_COUNTIES,
    P.READ_REGISTER_REPORTS: Reach.OWN_COUNTIES,
}
_COUNTY_EDITOR = _COUNTY_VIEW | {
    P.EDIT_INSTITUTIONS: Reach.OWN_COUNTIES,
    P.CLOSE_INSTITUTIONS: Reach.OWN_COUNTIES,
    P.IMPORT_INSTITUTIONS: Reach.OWN_COUNTIES,
    P.GIVE_FUNCTIONS: Reach.OWN_COUNTIES,
    P.EDIT_SUPPORT_SERVICES: Reach.OWN_COUNTIES,
    P.VERIFY_SUPPORT_SERVICES: Reach.OWN_COUNTIES,
    P.EDIT_LOCAL_PROGRAMMES: Reach.OWN_COUNTIES,
    P.READ_RESERVATIONS: Reach.OWN_COUNTIES,
    P.EDIT_AGREEMENTS: Reach.OWN_COUNTIES,
    P.EDIT_NETWORKS: Reach.OWN_COUNTIES,
    P.PROPOSE_MEMBERSHIPS: Reach.OWN_COUNTIES,
    P.EDIT_BODIES: Reach.OWN_COUNTIES,
    P.EDIT_DOCUMENTS: Reach.OWN_COUNTIES,
    P.EDIT_REGISTER_REPORTS: Reach.OWN_COUNTIES,
    P.IMPORT_REGISTER_REPORTS: Reach.OWN_COUNTIES,
}
_COUNTY_DECISIONS = {
    P.EDIT_RESERVATIONS: Reach.OWN_COUNTIES,
    P.DECIDE_MEMBERSHIPS: Reach.OWN_COUNTIES,
    P.RECORD_SITE_STEPS: Reach.OWN_COUNTIES,
    P.SIGN_FOR_COALITION: Reach.OWN_COUNTIES,
    P.RECORD_BODY_STEPS: Reach.OWN_COUNTIES,
    P.ADOPT_DOCUMENTS: Reach.OWN_COUNTIES,
    P.EDIT_APPOINTMENTS: Reach.OWN_COUNTIES,
}
"""Decisions for which a county's coordinator answers in person; a registry editor does
not make them.
"""

# A programme works in many counties, and its manager answers for all of its sites.
_PROGRAMME_LEAD = {
    P.READ_RESOURCES: Reach.EVERYWHERE,
    P.READ_STALE_SUPPORT_SERVICES: Reach.EVERYWHERE,
    P.READ_APPOINTMENTS: Reach.EVERYWHERE,
    P.EDIT_APPOINTMENTS: Reach.EVERYWHERE,
    P.EDIT_PROGRAMMES: Reach.EVERYWHERE,
    P.EDIT_SITES: Reach.EVERYWHERE,
    P.RECORD_SITE_STEPS: Reach.EVERYWHERE,
    P.SIGN_FOR_PROJECT: Reach.EVERYWHERE,
    P.EDIT_LEGAL_ACTS: Reach.EVERYWHERE,
    # A regional platform belongs to no county: only a caller who reaches all founds it.
    P.EDIT_BODIES: Reach.EVERYWHERE,
    P.RECORD_BODY_STEPS: Reach.EVERYWHERE,
    P.EDIT_DOCUMENTS: Reach.EVERYWHERE,
    P.ADOPT_DOCUMENTS: Reach.EVERYWHERE,
    P.READ_REGISTER_REPORTS: Reach.EVERYWHERE,
    P.EDIT_REGISTER_REPORTS: Reach.EVERYWHERE,
    P.IMPORT_REGISTER_REPORTS: Reach.EVERYWHERE,
}
# The provider of a service knows best whether its description is still correct.
_OWN_OFFER = {
    P.EDIT_SUPPORT_SERVICES: Reach.OWN_INSTITUTION,
    P.VERIFY_SUPPORT_SERVICES: Reach.OWN_INSTITUTION,
    P.EDIT_LOCAL_PROGRAMMES: Reach.OWN_INSTITUTION,
    P.READ_RESERVATIONS: Reach.OWN_INSTITUTION,
    P.PROPOSE_MEMBERSHIPS: Reach.OWN_INSTITUTION,
}

GRANTS: Grants = {
    "county_coordinator": _COUNTY_EDITOR | _COUNTY_DECISIONS,
    "registry_editor": _COUNTY_EDITOR,
    "institution_coordinator": _COUNTY_VIEW
    | _OWN_OFFER
    | {P.EDIT_RESERVATIONS: Reach.OWN_INSTITUTION},
    "service_provider": _PUBLIC_FACTS | _OWN_OFFER,
    "early_screening_coordinator": _COUNTY_VIEW,
    "pupil_screening_coordinator": _COUNTY_VIEW,
    "screener": _PUBLIC_FACTS,
    "specialist": _PUBLIC_FACTS,
    "training_manager": _PUBLIC_FACTS,
    "trainer": _PUBLIC_FACTS,
    "trainee": _PUBLIC_FACTS,
    "adviser": _PUBLIC_FACTS,
    "authority_member": _PUBLIC_FACTS,
    "guardian": _PUBLIC_FACTS,
    "programme_manager": _PUBLIC_FACTS | _PROGRAMME_LEAD,
    "researcher": _PUBLIC_FACTS | {P.READ_REGISTER_REPORTS: Reach.EVERYWHERE},
    # The audit trail shows who did what to which record; an audit does not need the
    # records themselves.
    "auditor": {P.READ_TERRITORIES: Reach.EVERYWHERE, P.READ_AUDIT: Reach.OWN_COUNTIES},
    # An operator keeps the platform running and needs no data of institutions.
    "operator": {
        P.READ_TERRITORIES: Reach.EVERYWHERE,
        P.IMPORT_TERRITORIES: Reach.EVERYWHERE,
        P.OPERATE_JOBS: Reach.EVERYWHERE,
        P.READ_EVENTS: Reach.EVERYWHERE,
    },
    "registry:read": _PUBLIC_FACTS | {P.READ_RESOURCES: Reach.OWN_COUNTIES},
    "registry:reserve": {
        P.READ_RESERVATIONS: Reach.EVERYWHERE,
        P.EDIT_RESERVATIONS: Reach.EVERYWHERE,
    },
    # An application reaches only the counties of its token, even where a programme
    # manager reaches all. The public facts are added again at the end, since
    # `dict.fromkeys` narrows them as well.
    "registry:write": dict.fromkeys(
        _COUNTY_EDITOR | _COUNTY_DECISIONS | _PROGRAMME_LEAD, Reach.OWN_COUNTIES
    )
    | _PUBLIC_FACTS
    | {P.IMPORT_TERRITORIES: Reach.EVERYWHERE},
    "events:read": {P.READ_EVENTS: Reach.EVERYWHERE},
}
