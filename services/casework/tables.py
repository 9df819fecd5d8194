"""Casework's own registry of tables."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from services.chassis.data.tables import relations_table, service_registry
from services.chassis.following.tables import feed_tables
from services.chassis.sending.tables import webhook_tables


class Table(SQLModel, registry=service_registry("casework")):
    """The base of casework's table classes."""


webhook_tables(Table.metadata)


relations_table(Table.metadata)
feed_tables(Table.metadata)
_AUDIT = Table.metadata.tables["casework.audit_records"]
# The access log of a guardian selects audit records by the child.
Index(
    "ix_audit_records_people",
    _AUDIT.c.detail["people"],
    postgresql_using="gin",
)
