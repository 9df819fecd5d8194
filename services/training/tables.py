"""The registry of training's tables."""

from sqlmodel import SQLModel

from services.chassis.data.tables import relations_table, service_registry
from services.chassis.sending.tables import webhook_tables


class Table(SQLModel, registry=service_registry("training")):
    """The base of training's table classes."""


webhook_tables(Table.metadata)


relations_table(Table.metadata)
