"""The base class of screening's tables, with a registry of its own."""

from sqlmodel import SQLModel

from services.chassis.data.tables import service_registry
from services.chassis.sending.tables import webhook_tables


class Table(SQLModel, registry=service_registry("screening")):
    """The base of screening's table classes."""


webhook_tables(Table.metadata)
