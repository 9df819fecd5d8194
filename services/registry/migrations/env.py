"""Migrations of the registry's schema."""

from services.chassis.migrating import run_migrations
from services.registry.agreements import models as agreements  # noqa: F401
from services.registry.appointments import models as appointments  # noqa: F401
from services.registry.institutions import models as institutions  # noqa: F401
from services.registry.networks import models as networks  # noqa: F401
from services.registry.programmes import models as programmes  # noqa: F401
from services.registry.register_reports import models as register_reports  # noqa: F401
from services.registry.support_services import models as support_services  # noqa: F401
from services.registry.tables import Table
from services.registry.territories import models as territories  # noqa: F401

run_migrations(Table.metadata, schema="registry")
