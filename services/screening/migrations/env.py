"""Migrations of screening's schema."""

from services.chassis.migrating import import_models, run_migrations
from services.screening.tables import Table

import_models("services.screening")
run_migrations(Table.metadata, schema="screening")
