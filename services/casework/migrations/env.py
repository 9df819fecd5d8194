"""Migrations of casework's schema."""

from services.casework.tables import Table
from services.chassis.migrating import import_models, run_migrations

import_models("services.casework")
run_migrations(Table.metadata, schema="casework")
