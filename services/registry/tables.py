"""The registry's own registry of tables."""

from sqlmodel import SQLModel

from services.chassis.data.tables import service_registry


# Of its own: tests load every service into one process, and names of tables repeat.
class Table(SQLModel, registry=service_registry("registry")):
    """The base of the registry's table classes."""
