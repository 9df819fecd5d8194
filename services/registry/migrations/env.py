"""Migrations of the registry's schema."""

from services.chassis.migrating import import_models, run_migrations
from services.registry.tables import Table

# First: the metadata has only the tables whose classes were imported.
import_models("services.registry")
run_migrations(Table.metadata, schema="registry")
