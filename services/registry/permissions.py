"""What a caller may do in the registry, and which role may do it how far."""

from enum import StrEnum
from typing import Annotated

from services.chassis.identity import Caller, Grants, Reach, requires


class Permission(StrEnum):
    """One thing that an endpoint demands."""

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
    READ_RESOURCES = "registry:resources:read"
    READ_EVENTS = "registry:events:read"
    OPERATE_JOBS = "registry:jobs:operate"


P = Permission

_PUBLIC_FACTS = {
    P.READ_TERRITORIES: Reach.EVERYWHERE,
    P.READ_INSTITUTIONS: Reach.EVERYWHERE,
    P.READ_SUPPORT_SERVICES: Reach.EVERYWHERE,
}
"""The registers are public (TERYT, RSPO, the nursery register): whoever is known may read them."""

_COUNTY_VIEW = _PUBLIC_FACTS | {P.READ_RESOURCES: Reach.OWN_COUNTIES, P.READ_STALE_SUPPORT_SERVICES: Reach.OWN_COUNTIES}
_COUNTY_EDITOR = _COUNTY_VIEW | {
    P.EDIT_INSTITUTIONS: Reach.OWN_COUNTIES,
    P.CLOSE_INSTITUTIONS: Reach.OWN_COUNTIES,
    P.IMPORT_INSTITUTIONS: Reach.OWN_COUNTIES,
    P.GIVE_FUNCTIONS: Reach.OWN_COUNTIES,
    P.EDIT_SUPPORT_SERVICES: Reach.OWN_COUNTIES,
    P.VERIFY_SUPPORT_SERVICES: Reach.OWN_COUNTIES,
}
_OWN_OFFER = {P.EDIT_SUPPORT_SERVICES: Reach.OWN_INSTITUTION, P.VERIFY_SUPPORT_SERVICES: Reach.OWN_INSTITUTION}

GRANTS: Grants = {
    "county_coordinator": _COUNTY_EDITOR,
    "registry_editor": _COUNTY_EDITOR,
    "institution_coordinator": _COUNTY_VIEW | _OWN_OFFER,
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
    "programme_manager": _PUBLIC_FACTS
    | {P.READ_RESOURCES: Reach.EVERYWHERE, P.READ_STALE_SUPPORT_SERVICES: Reach.EVERYWHERE},
    "researcher": _PUBLIC_FACTS,
    "auditor": {P.READ_TERRITORIES: Reach.EVERYWHERE},
    "operator": {
        P.READ_TERRITORIES: Reach.EVERYWHERE,
        P.IMPORT_TERRITORIES: Reach.EVERYWHERE,
        P.OPERATE_JOBS: Reach.EVERYWHERE,
        P.READ_EVENTS: Reach.EVERYWHERE,
    },
    "registry:read": _PUBLIC_FACTS | {P.READ_RESOURCES: Reach.OWN_COUNTIES},
    "registry:write": _COUNTY_EDITOR | {P.IMPORT_TERRITORIES: Reach.EVERYWHERE},
    "events:read": {P.READ_EVENTS: Reach.EVERYWHERE},
}

CanReadTerritories = Annotated[Caller, requires(P.READ_TERRITORIES)]
CanImportTerritories = Annotated[Caller, requires(P.IMPORT_TERRITORIES)]
CanReadInstitutions = Annotated[Caller, requires(P.READ_INSTITUTIONS)]
CanEditInstitutions = Annotated[Caller, requires(P.EDIT_INSTITUTIONS)]
CanCloseInstitutions = Annotated[Caller, requires(P.CLOSE_INSTITUTIONS)]
CanImportInstitutions = Annotated[Caller, requires(P.IMPORT_INSTITUTIONS)]
CanGiveFunctions = Annotated[Caller, requires(P.GIVE_FUNCTIONS)]
CanReadSupportServices = Annotated[Caller, requires(P.READ_SUPPORT_SERVICES)]
CanEditSupportServices = Annotated[Caller, requires(P.EDIT_SUPPORT_SERVICES)]
CanVerifySupportServices = Annotated[Caller, requires(P.VERIFY_SUPPORT_SERVICES)]
CanReadStaleSupportServices = Annotated[Caller, requires(P.READ_STALE_SUPPORT_SERVICES)]
CanReadResources = Annotated[Caller, requires(P.READ_RESOURCES)]
