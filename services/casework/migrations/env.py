"""Migrations of casework's schema."""

from services.casework.tables import Table
from services.chassis.migrating import import_models, run_migrations

# All of them: a new revision would drop the tables of a slice that is not imported.
import_models("services.casework")
run_migrations(Table.metadata, schema="casework")
