"""The registry's own registry of tables."""

from sqlmodel import SQLModel

from services.chassis.data.tables import service_registry


class Table(SQLModel, registry=service_registry("registry")):
    """The base of the registry's table classes."""
