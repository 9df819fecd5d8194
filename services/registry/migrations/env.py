"""Migrations of the registry's schema."""

from services.chassis.migrating import run_migrations
from services.registry.institutions import models as institutions  # noqa: F401
from services.registry.support_services import models as support_services  # noqa: F401
from services.registry.tables import Table
from services.registry.territories import models as territories  # noqa: F401

run_migrations(Table.metadata, schema="registry")
