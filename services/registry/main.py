"""The application of the registry."""

from services.chassis.app import create_app
from services.registry.agreement_signatories import endpoints as agreement_signatories
from services.registry.agreement_versions import endpoints as agreement_versions
from services.registry.agreements import endpoints as agreements
from services.registry.appointments import endpoints as appointments
from services.registry.boards import endpoints as boards
from services.registry.bodies import endpoints as bodies
from services.registry.body_communiques import endpoints as body_communiques
from services.registry.body_compositions import endpoints as body_compositions
from services.registry.body_meetings import endpoints as body_meetings
from services.registry.body_members import endpoints as body_members
from services.registry.body_steps import endpoints as body_steps
from services.registry.county_figures import endpoints as county_figures
from services.registry.document_versions import endpoints as document_versions
from services.registry.documents import endpoints as documents
from services.registry.events import EVENTS
from services.registry.headings import HEADINGS
from services.registry.institution_functions import endpoints as institution_functions
from services.registry.institution_imports import endpoints as institution_imports
from services.registry.institution_imports.actions import IMPORTS as INSTITUTION_IMPORTS
from services.registry.institutions import endpoints as institutions
from services.registry.legal_acts import endpoints as legal_acts
from services.registry.local_programmes import endpoints as local_programmes
from services.registry.membership_batches import endpoints as membership_batches
from services.registry.membership_notices import endpoints as membership_notices
from services.registry.memberships import endpoints as memberships
from services.registry.network_gaps import endpoints as network_gaps
from services.registry.network_rules import endpoints as network_rules
from services.registry.networks import endpoints as networks
from services.registry.permissions import GRANTS, Permission
from services.registry.processes import endpoints as processes
from services.registry.programmes import endpoints as programmes
from services.registry.register_reports import endpoints as register_reports
from services.registry.register_reports.actions import (
    IMPORTS as REGISTER_REPORT_IMPORTS,
)
from services.registry.register_statistics import endpoints as register_statistics
from services.registry.reservations import endpoints as reservations
from services.registry.resources import endpoints as resources
from services.registry.scope_decisions import endpoints as scope_decisions
from services.registry.site_steps import endpoints as site_steps
from services.registry.sites import endpoints as sites
from services.registry.support_service_batches import (
    endpoints as support_service_batches,
)
from services.registry.support_service_verifications import (
    endpoints as support_service_verifications,
)
from services.registry.support_services import endpoints as support_services
from services.registry.territories import endpoints as territories
from services.registry.territory_imports import endpoints as territory_imports
from services.registry.territory_imports.actions import IMPORTS as TERRITORY_IMPORTS

SLICES = (
    legal_acts,
    territories,
    territory_imports,
    institutions,
    institution_imports,
    support_services,
    support_service_batches,
    support_service_verifications,
    reservations,
    local_programmes,
    resources,
    county_figures,
    processes,
    agreements,
    agreement_signatories,
    agreement_versions,
    networks,
    network_rules,
    memberships,
    membership_batches,
    membership_notices,
    network_gaps,
    programmes,
    sites,
    scope_decisions,
    site_steps,
    boards,
    bodies,
    body_members,
    body_meetings,
    body_communiques,
    body_compositions,
    body_steps,
    documents,
    document_versions,
    institution_functions,
    register_reports,
    register_statistics,
    appointments,
)
# Each kind of file is a kind of job: a process of an older version then leaves kinds
# that it does not know to others.
JOBS = [
    kind.job()
    for kind in (
        *TERRITORY_IMPORTS.values(),
        *INSTITUTION_IMPORTS.values(),
        *REGISTER_REPORT_IMPORTS.values(),
    )
]

app = create_app(
    "registry",
    routers=[slice_.router for slice_ in SLICES],
    grants=GRANTS,
    events=EVENTS,
    operate_jobs=Permission.OPERATE_JOBS,
    read_audit=Permission.READ_AUDIT,
    jobs=JOBS,
    headings=HEADINGS,
)
