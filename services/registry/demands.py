"""What an endpoint demands of its caller, as the type of a parameter."""

from typing import Annotated

from services.chassis.trust.callers import Caller
from services.chassis.trust.identity import requires
from services.registry.permissions import Permission

# Apart from `permissions`, which actions import: these types need the web framework,
# and nothing below endpoints may import it, directly or not.
CanReadTerritories = Annotated[Caller, requires(Permission.READ_TERRITORIES)]
CanImportTerritories = Annotated[Caller, requires(Permission.IMPORT_TERRITORIES)]
CanReadInstitutions = Annotated[Caller, requires(Permission.READ_INSTITUTIONS)]
CanEditInstitutions = Annotated[Caller, requires(Permission.EDIT_INSTITUTIONS)]
CanCloseInstitutions = Annotated[Caller, requires(Permission.CLOSE_INSTITUTIONS)]
CanImportInstitutions = Annotated[Caller, requires(Permission.IMPORT_INSTITUTIONS)]
CanGiveFunctions = Annotated[Caller, requires(Permission.GIVE_FUNCTIONS)]
CanReadSupportServices = Annotated[Caller, requires(Permission.READ_SUPPORT_SERVICES)]
CanEditSupportServices = Annotated[Caller, requires(Permission.EDIT_SUPPORT_SERVICES)]
CanVerifySupportServices = Annotated[
    Caller, requires(Permission.VERIFY_SUPPORT_SERVICES)
]
CanReadStaleSupportServices = Annotated[
    Caller, requires(Permission.READ_STALE_SUPPORT_SERVICES)
]
CanReadReservations = Annotated[Caller, requires(Permission.READ_RESERVATIONS)]
CanEditReservations = Annotated[Caller, requires(Permission.EDIT_RESERVATIONS)]
CanReadLocalProgrammes = Annotated[Caller, requires(Permission.READ_LOCAL_PROGRAMMES)]
CanEditLocalProgrammes = Annotated[Caller, requires(Permission.EDIT_LOCAL_PROGRAMMES)]
CanReadResources = Annotated[Caller, requires(Permission.READ_RESOURCES)]
CanReadProcesses = Annotated[Caller, requires(Permission.READ_PROCESSES)]
CanReadAgreements = Annotated[Caller, requires(Permission.READ_AGREEMENTS)]
CanEditAgreements = Annotated[Caller, requires(Permission.EDIT_AGREEMENTS)]
CanReadNetworks = Annotated[Caller, requires(Permission.READ_NETWORKS)]
CanEditNetworks = Annotated[Caller, requires(Permission.EDIT_NETWORKS)]
CanProposeMemberships = Annotated[Caller, requires(Permission.PROPOSE_MEMBERSHIPS)]
CanDecideMemberships = Annotated[Caller, requires(Permission.DECIDE_MEMBERSHIPS)]
CanReadProgrammes = Annotated[Caller, requires(Permission.READ_PROGRAMMES)]
CanEditProgrammes = Annotated[Caller, requires(Permission.EDIT_PROGRAMMES)]
CanEditSites = Annotated[Caller, requires(Permission.EDIT_SITES)]
CanReadBodies = Annotated[Caller, requires(Permission.READ_BODIES)]
CanEditBodies = Annotated[Caller, requires(Permission.EDIT_BODIES)]
CanReadAppointments = Annotated[Caller, requires(Permission.READ_APPOINTMENTS)]
CanEditAppointments = Annotated[Caller, requires(Permission.EDIT_APPOINTMENTS)]
CanReadDocuments = Annotated[Caller, requires(Permission.READ_DOCUMENTS)]
CanEditDocuments = Annotated[Caller, requires(Permission.EDIT_DOCUMENTS)]
CanAdoptDocuments = Annotated[Caller, requires(Permission.ADOPT_DOCUMENTS)]
CanReadLegalActs = Annotated[Caller, requires(Permission.READ_LEGAL_ACTS)]
CanEditLegalActs = Annotated[Caller, requires(Permission.EDIT_LEGAL_ACTS)]
CanReadRegisterStatistics = Annotated[
    Caller, requires(Permission.READ_REGISTER_STATISTICS)
]
CanReadRegisterReports = Annotated[Caller, requires(Permission.READ_REGISTER_REPORTS)]
CanEditRegisterReports = Annotated[Caller, requires(Permission.EDIT_REGISTER_REPORTS)]
CanImportRegisterReports = Annotated[
    Caller, requires(Permission.IMPORT_REGISTER_REPORTS)
]
CanRecordSiteSteps = Annotated[Caller, requires(Permission.RECORD_SITE_STEPS)]
CanSignForCoalition = Annotated[Caller, requires(Permission.SIGN_FOR_COALITION)]
CanSignForProject = Annotated[Caller, requires(Permission.SIGN_FOR_PROJECT)]
CanRecordBodySteps = Annotated[Caller, requires(Permission.RECORD_BODY_STEPS)]
