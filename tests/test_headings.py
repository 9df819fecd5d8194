"""Files for people have Polish headings: no column of any list is without one."""

from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from tests.support.routes import APPS


def columns_of_files(service: str) -> set[str]:
    """The columns of every list of a service that can be had as CSV, and the lists' own names."""
    names: set[str] = set()
    for route in iter_route_contexts(APPS[service].routes):
        answer: dict[str, Any] = (getattr(route, "responses", None) or {}).get(200) or {}
        arguments = getattr(answer.get("model"), "__pydantic_generic_metadata__", {}).get("args")
        if "text/csv" in answer.get("content", {}) and arguments:
            names |= {*arguments[0].model_json_schema()["properties"], str(route.path).rpartition("/")[2]}
    return names


@pytest.mark.parametrize("service", ["registry", "screening", "training"])
def test_every_column_of_a_file_has_a_polish_heading(service: str) -> None:
    columns = columns_of_files(service)
    assert len(columns) > 20
    assert columns - {*APPS[service].state.headings} == set()
