"""What the migrations make is what the table classes say."""

from importlib import import_module

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from services.chassis.migrating import comparison, import_models
from tests.support.services import SERVICES


def differences(connection: Connection, metadata: MetaData, schema: str) -> list[object]:
    """What the database lacks of the metadata or has besides."""
    configured = MigrationContext.configure(connection, opts={"include_schemas": True, **comparison(schema)})
    found = compare_metadata(configured, metadata)
    return [each for each in found if each[0] != "remove_table_comment"]  # the tests' own mark


@pytest.mark.parametrize("service", SERVICES)
async def test_the_migrated_schema_is_what_the_models_say(admin_url: str, service: str) -> None:
    import_models(f"services.{service}")
    metadata = import_module(f"services.{service}.tables").Table.metadata
    engine = create_async_engine(admin_url, poolclass=NullPool)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences, metadata, service) == []
    await engine.dispose()
