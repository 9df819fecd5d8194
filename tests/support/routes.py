"""The endpoints of every service, as the tests of their shape look at them."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from tests.support.services import SERVICES, app_called

APPS: dict[str, FastAPI] = {service: app_called(service) for service in SERVICES}


class Endpoint(NamedTuple):
    """One operation of one service."""

    service: str
    methods: set[str]
    path: str
    name: str
    function: Callable[..., Any]
    dependant: Dependant


def endpoints() -> list[Endpoint]:
    return [
        Endpoint(service, route.methods or set(), route.path or "", route.name or "", route.endpoint, route.dependant)
        for service, app in APPS.items()
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute) and route.endpoint
    ]


def flat(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for inner in dependant.dependencies:
        yield from flat(inner)
