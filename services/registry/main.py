"""The registry, running."""

from services.chassis.app import create_app
from services.registry.institutions import endpoints as institutions
from services.registry.permissions import GRANTS, Permission
from services.registry.resources import endpoints as resources
from services.registry.support_services import endpoints as support_services
from services.registry.territories import endpoints as territories

app = create_app(
    "registry",
    routers=[territories.router, institutions.router, support_services.router, resources.router],
    grants=GRANTS,
    read_events=Permission.READ_EVENTS,
    operate_jobs=Permission.OPERATE_JOBS,
)
