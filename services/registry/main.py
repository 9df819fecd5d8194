"""The registry, running."""

from services.chassis.app import create_app
from services.registry.institution_imports import endpoints as institution_imports
from services.registry.institution_imports.actions import IMPORTS as INSTITUTION_IMPORTS
from services.registry.institutions import endpoints as institutions
from services.registry.permissions import GRANTS, Permission
from services.registry.resources import endpoints as resources
from services.registry.support_services import endpoints as support_services
from services.registry.territories import endpoints as territories
from services.registry.territory_imports import endpoints as territory_imports
from services.registry.territory_imports.actions import IMPORTS as TERRITORY_IMPORTS

SLICES = (territories, territory_imports, institutions, institution_imports, support_services, resources)
JOBS = [kind.job() for kind in (*TERRITORY_IMPORTS.values(), *INSTITUTION_IMPORTS.values())]

app = create_app(
    "registry",
    routers=[slice_.router for slice_ in SLICES],
    grants=GRANTS,
    read_events=Permission.READ_EVENTS,
    operate_jobs=Permission.OPERATE_JOBS,
    jobs=JOBS,
)
