"""Training's own registry of tables."""

from sqlmodel import SQLModel

from services.chassis.data.tables import relations_table, service_registry


class Table(SQLModel, registry=service_registry("training")):
    """The base of training's table classes."""


relations_table(Table.metadata)
