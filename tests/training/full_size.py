"""Programmes as large as their sources plan them: the shipped data files, and people who are invented."""

import itertools
import uuid
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import httpx

from onebox.demo.api import Api
from onebox.demo.programmes import send_programmes
from tests.support.callers import call_as
from tests.support.files import Imported, csv, send_file
from tests.training.groups.made import URL, Made, add_trainer, post, send

EVERYWHERE = call_as("training_manager", subject="organizator", counties=["*"])
CLIENT = call_as("programme_manager", subject="zamawiajacy", counties=["*"])
TRAINER = call_as("trainer", subject="trener", counties=[])
VALIDATOR = call_as("trainer", subject="walidator", counties=[])
OFFICE = "source=office"
PERSON = ("external_id", "county_terc", "given_name", "family_name", "sex", "organisation_type", "organisation_name",
          "relation", "site_id", "authority_terc", "target_group", "group_code")  # fmt: skip
_NAMES = {"female": ("Ewa", "Anna", "Maria"), "male": ("Jan", "Piotr", "Adam")}


async def load_programmes(client: httpx.AsyncClient) -> None:
    """The programmes that are shipped, agreed by client and contractor; whoever calls next organises everywhere."""
    tokens = [caller["authorization"].removeprefix("Bearer ") for caller in (EVERYWHERE, CLIENT)]
    await send_programmes(*[Api(client, token, "training") for token in tokens])
    client.headers.update(EVERYWHERE)


def person(number: int, **facts: str) -> dict[str, str]:
    """A row of the file in which a project office has its people, with the group they are to enter."""
    sex = facts.get("sex", "female")
    named = {"given_name": _NAMES[sex][number % 3], "family_name": f"Zmyślna-{number}", "sex": sex}
    return {"external_id": str(number), "relation": "employee", **named, **facts}


async def import_people(client: httpx.AsyncClient, programme: str, people: Sequence[dict[str, str]]) -> Imported:
    """The same file twice: its people are registered, then it gives them their seats; how the second ended."""
    content = csv(";".join(PERSON), *[";".join(each.get(name, "") for name in PERSON) for each in people])
    of_programme = f"{OFFICE}&programme_code={programme}"
    registered = await send_file(client, f"{URL}/trainee-imports?{of_programme}", content)
    # Columns of the other import are warnings.
    assert {code for _, _, code in registered.problems} <= {"unknown_column"}
    seated = await send_file(client, f"{URL}/enrolment-imports?{of_programme}", content)
    return seated._replace(problems=[each for each in seated.problems if each[2] != "unknown_column"])


async def open_groups(
    client: httpx.AsyncClient, programme: str, number: int, starts_on: str, ends_on: str
) -> list[str]:
    """So many groups `G1`, …, with one trainer, open: their ids."""
    trainer = await add_trainer(client, account="trener")
    groups = []
    for place in range(1, number + 1):
        facts = {"programme_code": programme, "county_terc": "2469", "code": f"G{place}", "title": f"Grupa {place}"}
        days = {"starts_on": starts_on, "ends_on": ends_on, "trainer_ids": [trainer["id"]]}
        group = await post(client, "/groups", facts | days)
        await post(client, f"/groups/{group['id']}/open", None, group)
        groups.append(group["id"])
    return groups


async def read(client: httpx.AsyncClient, path: str, **asked: Any) -> Made:
    """What is at an address."""
    answer = await client.get(f"{URL}{path}", **asked)
    assert answer.status_code == 200, answer.text
    found: Made = answer.json()
    return found


async def members(client: httpx.AsyncClient, group: str) -> list[Made]:
    """The enrolments of a group, as they came."""
    listed = await read(client, f"/groups/{group}/enrolments?sort=sequence&limit=200")
    return [*listed["items"]]


async def recruit(client: httpx.AsyncClient, number: int) -> list[Made]:
    """So many communes of one county for FERS."""
    facts = {"programme_code": "FERS", "is_running_body": True, "recruited_on": "2024-05-06"}
    communes = [{"terc": f"2469{place:02}1", "name": f"Gmina Zmyślona {place:02}"} for place in range(1, number + 1)]
    return [await post(client, "/authorities", facts | commune) for commune in communes]


def team(commune: Made, numbers: Iterable[int], group: str, women: int) -> list[dict[str, str]]:
    """The people of a commune's team: first so many women, then men."""
    facts = {"county_terc": "2469", "organisation_type": "local_authority", "organisation_name": commune["name"]}
    facts |= {"authority_terc": commune["terc"], "target_group": "operational_staff", "group_code": group}
    sexes = itertools.chain(["female"] * women, itertools.repeat("male"))
    return [person(number, **facts, sex=sex) for number, sex in zip(numbers, sexes, strict=False)]


async def train(client: httpx.AsyncClient, group: str, monday: date, modules: Sequence[Made]) -> None:
    """From a Monday on every module in a session of its length; everybody was there, by lists that are signed."""
    await post(client, f"/groups/{group}/start", None, await read(client, f"/groups/{group}"))
    trainers = (await read(client, f"/groups/{group}"))["trainer_ids"]
    people = [each["trainee_id"] for each in await members(client, group)]
    for module in modules:
        day = monday + timedelta(days=module["number"] - 1)
        when = {"starts_at": f"{day}T08:00:00Z", "ends_at": f"{day}T18:00:00Z", "minutes": module["minutes"]}
        about = {"group_id": group, "module_id": module["id"], "title": module["title_pl"], "mode": "online"}
        session = await post(client, "/sessions", about | when | {"trainer_ids": trainers})
        path = f"/sessions/{session['id']}"
        held = await post(client, f"{path}/hold", None, session)
        items = [{"trainee_id": each, "minutes": module["minutes"]} for each in people]
        await post(client, f"{path}/attendance", {"items": items}, headers=TRAINER)
        await post(client, f"{path}/attendance/sign", None, held, headers=TRAINER)


async def certify(client: httpx.AsyncClient, group: str, modules: Sequence[Made]) -> None:
    """Every outcome of everybody validated on one sheet, and certificates for the whole group."""
    outcomes = [outcome["id"] for module in modules for outcome in module["outcomes"]]
    found = {"is_achieved": True, "evidence": "arkusz grupy", "validated_on": "2024-12-16"}
    enrolments = [each["id"] for each in await members(client, group)]
    items = [
        {"enrolment_id": enrolment, "outcome_id": outcome, **found} for enrolment in enrolments for outcome in outcomes
    ]
    await post(client, f"/groups/{group}/validators", {"account": "walidator"})
    key = {"idempotency-key": str(uuid.uuid4())}
    sheet = await post(client, f"/groups/{group}/validations:batch", {"items": items}, headers=VALIDATOR | key)
    assert {each["status"] for each in sheet["items"]} == {"created"}
    await post(client, f"/groups/{group}/complete", None, await read(client, f"/groups/{group}"))
    job = await send(client, f"/groups/{group}/certificates:issue")
    address = job.headers["location"]
    async with client.stream("GET", f"{address}/events") as events:
        async for _ in events.aiter_lines():
            pass
    result = (await client.get(address)).json()["result"]
    assert result == {"issued": len(enrolments), "existing": 0, "lacking": []}


async def advise(client: httpx.AsyncClient, communes: Sequence[Made], people: dict[str, list[str]]) -> None:
    """Each team has accounts, is trained by what is on record, and is visited once."""
    visit = {"visited_on": "2024-12-16", "minutes": 120, "mode": "on_site", "topic": "diagnosis"}
    for commune in communes:
        path, now = f"/authorities/{commune['id']}", commune
        for trainee in people[commune["id"]]:
            seen = {"id": trainee, "version": 1}
            account = {"account": f"konto-{trainee}"}
            assert (await send(client, f"/trainees/{trainee}/account", account, seen, "PUT")).is_success
            joined = await post(client, f"{path}/task-team/members", {"trainee_id": trainee}, now)
            now = commune | {"version": joined["version"]}
        await post(client, f"{path}/confirm-training", None, now)
        await post(client, f"{path}/advisory-visits", visit)
