"""What a screen asks at once: several things by their ids, and what their references refer to."""

import json
import uuid

import httpx
import pytest

from services.chassis.data.work import Stored
from services.chassis.ground.problems import Forbidden
from services.chassis.trust.callers import Caller, Reach
from services.chassis.web.expanding import opened
from services.registry.permissions import Permission
from services.registry.support_services.queries import EXPANSIONS
from tests.registry.support_services.made import URL, offer
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, app_of


@pytest.fixture
async def town(registry: httpx.AsyncClient) -> httpx.AsyncClient:
    """The registry with a small territory."""
    await add_territory(registry)
    return registry


async def test_a_reference_is_shown_with_what_its_own_address_shows(town: httpx.AsyncClient) -> None:
    hosts = [await add_institution(town, name=f"Poradnia nr {number}") for number in (1, 2)]
    for host, name in ((hosts[0], "A"), (hosts[1], "B"), (hosts[0], "C")):
        await offer(town, host, name=name)
    page = (await town.get(URL, params={"expand": "institution", "sort": "name"})).json()
    own = [(await town.get(f"/v1/registry/institutions/{host['id']}")).json() for host in hosts]
    assert [item["institution"] for item in page["items"]] == [own[0], own[1], own[0]]
    plain = (await town.get(URL, params={"sort": "name"})).json()
    assert [item | {"institution": None} for item in plain["items"]] == [
        item | {"institution": None} for item in page["items"]
    ]


async def test_alone_a_thing_is_shown_as_in_its_list(town: httpx.AsyncClient) -> None:
    made = await offer(town, await add_institution(town))
    [listed] = (await town.get(URL, params={"expand": "institution"})).json()["items"]
    plain = await town.get(f"{URL}/{made['id']}")
    known = {"if-none-match": plain.headers["etag"]}
    shown = await town.get(f"{URL}/{made['id']}", params={"expand": "institution"}, headers=known)
    # Of the institution the ETag knows nothing: what is shown with it is always sent.
    assert (shown.status_code, shown.json(), shown.headers["etag"]) == (200, listed, plain.headers["etag"])
    assert "institution" not in plain.json()
    assert (await town.get(f"{URL}/{made['id']}", headers=known)).status_code == 304
    wrong = assert_problem(await town.get(f"{URL}/{made['id']}?expand=county"), 422, "unknown-expansion")
    assert wrong["allowed"] == ["institution"]


async def test_whoever_may_read_nothing_of_the_kind_is_refused(town: httpx.AsyncClient) -> None:
    await offer(town, await add_institution(town))
    caller = Caller("somebody", permissions={Permission.READ_SUPPORT_SERVICES: (Reach.EVERYWHERE,)})
    async with app_of(town).state.database.reading(caller) as reading:
        thing = Stored("a", 1, json.dumps({"institution_id": str(uuid.uuid4())}))
        with pytest.raises(Forbidden) as refused:
            await opened(reading, thing, "institution", EXPANSIONS)
    assert refused.value.members["permission"] == "registry:institutions:read"


async def test_what_cannot_be_expanded_is_told_with_what_can(town: httpx.AsyncClient) -> None:
    await offer(town, await add_institution(town))
    wrong = assert_problem(await town.get(URL, params={"expand": "institution,county"}), 422, "unknown-expansion")
    assert (wrong["allowed"], wrong["errors"][0]["parameter"]) == (["institution"], "expand")
    for more, place in (({"format": "csv"}, "expand"), ({"fields": "id,name"}, "fields")):
        refused = await town.get(URL, params={"expand": "institution", **more})
        assert assert_problem(refused, 422, "validation-failed")["errors"][0]["parameter"] == place
    chosen = await town.get(URL, params={"expand": "institution", "fields": "institution_id"})
    assert set(chosen.json()["items"][0]) == {"institution_id", "institution"}


async def test_several_are_asked_for_by_their_ids_and_what_is_missing_is_named(town: httpx.AsyncClient) -> None:
    host = await add_institution(town)
    made = [await offer(town, host, name=f"Usługa {number:02}") for number in range(56)]
    asked, unknown = [each["id"] for each in reversed(made[1:])], [str(uuid.uuid4()) for _ in range(2)]
    page = (await town.get(URL, params={"id": [unknown[1], *asked, unknown[0]], "sort": "name"})).json()
    assert [item["name"] for item in page["items"]] == [each["name"] for each in made[1:]]
    assert (page["missing"], page["next_cursor"]) == ([unknown[1], unknown[0]], None)
    assert "missing" not in (await town.get(URL)).json()
    many = await town.get(URL, params={"id": [str(uuid.uuid4()) for _ in range(101)]})
    assert assert_problem(many, 422, "validation-failed")["errors"][0]["code"] == "too_long"


async def test_a_file_has_those_alone(racing_registry: httpx.AsyncClient) -> None:
    await add_territory(racing_registry)
    host = await add_institution(racing_registry)
    made = [await offer(racing_registry, host, name=name) for name in "ABC"]
    filed = await racing_registry.get(URL, params={"id": [made[2]["id"], made[0]["id"]], "format": "ndjson"})
    assert sorted(json.loads(line)["name"] for line in filed.text.splitlines()) == ["A", "C"]


async def test_institutions_are_asked_for_the_same_way(town: httpx.AsyncClient) -> None:
    made, unknown = await add_institution(town), str(uuid.uuid4())
    reader = call_as(scope="registry:read")
    page = await town.get("/v1/registry/institutions", params={"id": [made["id"], unknown]}, headers=reader)
    assert ([item["id"] for item in page.json()["items"]], page.json()["missing"]) == ([made["id"]], [unknown])
