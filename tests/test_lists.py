"""Every list of every service counts what it shows, nothing included."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.chassis.data.database import Database
from services.chassis.web.pages import Listing, PageShape, compiled
from services.training.groups.queries import list_groups
from services.training.groups.schemas import GroupList
from tests.conftest import thrown_away
from tests.support.callers import ROLES, SCOPES, call_as
from tests.support.problems import assert_problem
from tests.support.services import SERVICES, app_called

ROOT = Path(__file__).parents[1]
COUNTED = {"prefer": "count=exact"}
CALLERS = [*[call_as(role) for role in ROLES], *[call_as(scope=scope) for scope in SCOPES]]


def needs_filter(operation: dict[str, Any]) -> bool:
    """Whether a list is of something that has to be named."""
    return any(each["required"] for each in operation.get("parameters", []))


def lists_of(service: str) -> Iterator[str]:
    """The addresses of a service's lists that need nothing in their path and no filter."""
    for path, operations in app_called(service).openapi()["paths"].items():
        is_list = "#/components/schemas/Page" in str(operations.get("get", {}).get("responses"))
        if is_list and "{" not in path and not needs_filter(operations["get"]):
            yield path


@pytest.mark.parametrize("service", SERVICES)
def test_every_list_is_looked_at(service: str) -> None:
    """Whatever is named a list and needs nothing in its path; searches of FHIR are bundles."""
    named = {
        path
        for path, operations in app_called(service).openapi()["paths"].items()
        if operations.get("get", {}).get("operationId", "").startswith("list_") and "{" not in path
        if not needs_filter(operations["get"])
    }
    assert {path for path in named if "/fhir/" not in path} == {*lists_of(service)}


def listings() -> Iterator[Listing]:
    """What lists show, as the modules with the queries of all slices hold it."""
    for path in sorted((ROOT / "services").glob("*/*/queries.py")):
        for held in vars(import_module(".".join(path.with_suffix("").parts[-4:]))).values():
            listing = getattr(held, "listing", held)
            if isinstance(listing, Listing):
                yield listing


def test_whatever_is_sorted_by_a_name_is_sorted_as_in_polish() -> None:
    """Of all lists that are made once; those made for each question have tests of their own."""
    orders = [
        (name, str(column))
        for listing in listings()
        for name, column in listing.sortable.items()
        if re.search(r"(name|title)(_pl)?$", name)
    ]
    assert len(orders) > 15
    assert [order for order in orders if not re.search(r"polish_key\(|\.sort_name$", order[1])] == []


def shape_of(query: GroupList) -> PageShape:
    listed = list_groups(query)
    return PageShape(listed.rows, listed.listing, None, None, 50, False, is_kept=listed.is_kept)


def test_what_one_request_asks_takes_no_place_among_what_everybody_asks() -> None:
    for everybody in (GroupList(), GroupList(county_terc=["2469"])):
        assert compiled(shape_of(everybody)) is compiled(shape_of(everybody))
    alone = shape_of(GroupList.model_validate({"has_free_seats": "true"}))
    assert compiled(alone) == compiled(alone)
    assert compiled(alone) is not compiled(alone)


def test_the_rows_of_a_kept_list_are_narrowed_by_a_name_that_says_so() -> None:
    files = [path for path in (ROOT / "services").rglob("*.py") if "chassis" not in path.parts]
    assert not [path for path in files if "_replace(rows=" in path.read_text(encoding="utf-8")]


async def shown(client: httpx.AsyncClient, path: str, **asked: str) -> httpx.Response:
    """The list as the first caller sees it who may."""
    for caller in CALLERS:
        answer = await client.get(path, params=asked, headers=caller | COUNTED)
        if answer.status_code != 403:
            return answer
    raise AssertionError("nobody may see it")


@pytest.mark.parametrize("path", [path for service in SERVICES for path in lists_of(service)])
async def test_the_total_is_what_there_is(admin_url: str, databases: dict[str, Database], path: str) -> None:
    service = path.split("/")[2]
    async with thrown_away(service, admin_url, databases[service]) as client:
        for asked in ({}, {"include_closed": "true"}):
            answer = await shown(client, path, **asked)
            if not (asked and answer.status_code == 422):
                assert (answer.status_code, answer.json()["total"]) == (200, len(answer.json()["items"]))


@pytest.mark.parametrize("service", SERVICES)
async def test_a_field_that_no_item_has_is_refused_on_an_empty_list_too(
    admin_url: str, databases: dict[str, Database], service: str
) -> None:
    async with thrown_away(service, admin_url, databases[service]) as client:
        for path in lists_of(service):
            refused = await shown(client, path, fields="nonsense")
            assert assert_problem(refused, 422, "validation-failed")["errors"][0]["parameter"] == "fields", path
