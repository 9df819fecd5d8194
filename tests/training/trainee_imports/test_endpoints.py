"""Files of participants: good rows are taken, bad ones named by line, a second run changes nothing."""

import io
from typing import Any
from uuid import UUID

import httpx
from openpyxl import Workbook  # type: ignore[import-untyped]

from services.chassis.transfer.uploads import XLSX
from tests.support.files import csv, send_file
from tests.support.records import change, fetch
from tests.training.groups.made import URL, add_authority, add_group, add_programme, enrol, send

MEMBER = """
INSERT INTO task_team_members (county_terc, authority_id, trainee_id, joined_on)
VALUES ('2469', :authority, :trainee, '2025-02-01')
"""
IMPORTS = f"{URL}/trainee-imports?source=office"
COLUMNS = (
    "external_id",
    "county_terc",
    "given_name",
    "family_name",
    "sex",
    "organisation_type",
    "organisation_name",
    "relation",
    "email",
    "authority_terc",
    "target_group",
)


def row(number: int, **facts: str) -> dict[str, str]:
    """One row by column."""
    plain = {"external_id": str(number), "county_terc": "2469", "given_name": "Jan", "family_name": f"Testowy-{number}"}
    plain |= {"sex": "K", "organisation_type": "cis", "organisation_name": "Centrum", "relation": "personnel"}
    return plain | facts


def table(*rows: dict[str, str]) -> bytes:
    """Rows as CSV."""
    return csv(";".join(COLUMNS), *[";".join(one.get(name, "") for name in COLUMNS) for one in rows])


async def people(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    """Everybody there is, by external id."""
    sql = "SELECT external_id, id, sex, email, version, authority_id FROM trainees"
    return {one.external_id: dict(one._mapping) for one in await fetch(client, sql)}


async def test_a_file_is_taken_row_by_row_and_a_second_run_changes_nothing(working_training: httpx.AsyncClient) -> None:
    client = working_training
    content = table(
        row(1),
        row(2, sex="M", email="jan@example.org"),
        row(3, county_terc="2401"),
        row(4, sex="?", organisation_type="school"),
        row(5, family_name=""),
        row(2, given_name="Ewa"),
    )
    first = await send_file(client, IMPORTS, content)
    assert first.counts == (2, 0, 0, 4)
    assert first.problems == [
        (4, "/county_terc", "outside_scope"),
        (5, "/organisation_type", "not_listed"),
        (5, "/sex", "not_listed"),
        (6, "/family_name", "missing"),
        (7, "/external_id", "repeated_in_file"),
    ]
    known = await people(client)
    assert {key: one["sex"] for key, one in known.items()} == {"1": "female", "2": "male"}
    assert (await send_file(client, IMPORTS, content)).counts == (0, 0, 2, 4)
    # An empty cell leaves what is known; a new one is taken.
    again = await send_file(client, IMPORTS, table(row(1, email="a@b.pl"), row(2, sex="M")))
    assert again.counts == (0, 1, 1, 0)
    changed = await people(client)
    assert [(changed[key]["email"], changed[key]["version"]) for key in ("1", "2")] == [
        ("a@b.pl", 2),
        ("jan@example.org", 1),
    ]
    told = await fetch(client, "SELECT data::text AS told FROM events WHERE type LIKE 'training.trainee.%'")
    assert len(told) == 3
    assert not [event for event in told if "Testowy" in event.told]


async def test_cells_are_read_as_in_other_imports(working_training: httpx.AsyncClient) -> None:
    content = table(
        row(1, organisation_name='"Centrum\nIntegracji\u00a0Społecznej"'),
        row(2, county_terc="69"),
        row(3, organisation_name="#N/D!"),
    )
    done = await send_file(working_training, IMPORTS, content)
    assert done.problems == [(3, "/county_terc", "wrong_format"), (4, "/organisation_name", "cell_in_error")]
    [kept] = await fetch(working_training, "SELECT organisation_name FROM trainees")
    assert kept.organisation_name == "Centrum Integracji Społecznej"


async def test_a_workbook_is_read_and_a_dry_run_writes_nothing(working_training: httpx.AsyncClient) -> None:
    client, book = working_training, Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (COLUMNS, [row(1).get(name) for name in COLUMNS]):
        sheet.append(list(cells))
    written = io.BytesIO()
    book.save(written)
    dry = await send_file(client, f"{IMPORTS}&dry_run=true", written.getvalue(), kind=XLSX)
    assert (dry.counts, await people(client)) == ((1, 0, 0, 0), {})
    assert (await send_file(client, IMPORTS, written.getvalue(), kind=XLSX)).counts == (1, 0, 0, 0)


async def test_authorities_are_named_by_their_code_in_the_programme(working_training: httpx.AsyncClient) -> None:
    client = working_training
    programme = await add_programme(client, "authority_team")
    authority = await add_authority(client, programme, 11)
    official = {"organisation_type": "local_authority", "target_group": "operational_staff"}
    content = table(
        row(1, **official, authority_terc="2469011"),
        row(2, **official, authority_terc="2469012"),
        row(3, authority_terc="2469011"),
    )
    done = await send_file(client, f"{IMPORTS}&programme_code={programme['code']}", content)
    assert done.counts == (1, 0, 0, 2)
    assert done.problems == [(3, "/authority_terc", "not_found"), (4, "/authority_terc", "contradicts")]
    assert str((await people(client))["1"]["authority_id"]) == authority


async def test_who_was_erased_does_not_come_back_and_who_is_enrolled_keeps_the_facts(
    working_training: httpx.AsyncClient,
) -> None:
    client = working_training
    await send_file(client, IMPORTS, table(row(1), row(2), row(3)))
    known = await people(client)
    gone, seated, member = [{"id": str(known[key]["id"]), "version": 1} for key in ("1", "2", "3")]
    assert (await send(client, f"/trainees/{gone['id']}/erase", None, gone)).status_code == 200
    await enrol(client, await add_group(client, await add_programme(client)), seated)
    authority = await add_authority(client, await add_programme(client, "authority_team"), 11)
    await change(client, MEMBER, authority=UUID(authority), trainee=UUID(str(member["id"])))
    changed = [row(number, organisation_type="ngo", email="a@b.pl") for number in (2, 3)]
    done = await send_file(client, IMPORTS, table(row(1), *changed))
    assert done.counts == (0, 0, 0, 3)
    # Whoever is in a task team would go on reading the work of the authority that the file takes them out of.
    assert done.problems == [
        (2, "/external_id", "erased"),
        (3, "/external_id", "enrolled"),
        (4, "/external_id", "enrolled"),
    ]
    assert (await send_file(client, IMPORTS, table(row(2, email="a@b.pl")))).counts == (0, 1, 0, 0)
