"""Migrations of the registry's schema."""

from services.chassis.migrating import import_models, run_migrations
from services.registry.tables import Table

# First: the metadata knows the tables of those classes only that were imported.
import_models("services.registry")
run_migrations(Table.metadata, schema="registry")
