"""Migrations of training's schema."""

from services.chassis.migrating import import_models, run_migrations
from services.training.tables import Table

import_models("services.training")
run_migrations(Table.metadata, schema="training")
