"""Query parameters of an endpoint: which exist, and which may be repeated."""

from collections.abc import Iterator
from typing import Any

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel


def query_model(field: Any) -> type[BaseModel] | None:
    """The model that a query parameter stands for; None when it is a single value."""
    annotation = field.field_info.annotation
    return (
        annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel)
        else None
    )


def known_parameters(dependant: Dependant) -> dict[str, bool]:
    """Every query parameter of an endpoint, and whether it may be repeated."""
    repeats: dict[str, bool] = {}
    for field in _query_fields(dependant):
        if (model := query_model(field)) is not None:
            # By its text: a list may stand inside Annotated or in a union with None.
            for name, inner in model.model_fields.items():
                repeats[inner.alias or name] = "list[" in str(inner.annotation)
        else:
            repeats[field.alias] = "list[" in str(field.field_info.annotation)
    return repeats


def _query_fields(dependant: Dependant) -> Iterator[Any]:
    yield from dependant.query_params
    for inner in dependant.dependencies:
        yield from _query_fields(inner)
