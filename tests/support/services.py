"""Every service of this repository, as the tests find it."""

from importlib import import_module
from typing import Any

from fastapi import FastAPI

from onebox.stack import services_here

SERVICES = services_here()


def module_of(service: str, name: str) -> Any:
    """A module that every service has."""
    return import_module(f"services.{service}.{name}")


def app_called(service: str) -> FastAPI:
    """The application of a service."""
    app = module_of(service, "main").app
    assert isinstance(app, FastAPI)
    return app
