"""Institutions from register files, through the API."""

import json

import httpx
import pytest

from tests.support.callers import call_as
from tests.support.files import csv, send_file
from tests.support.problems import assert_problem
from tests.support.records import add_institution, fetch

URL = "/v1/registry/institution-imports"
RSPO = f"{URL}?format=rspo"
GENERIC = f"{URL}?format=generic"
EVERYWHERE = call_as("registry_editor", counties=["*"])
RSPO_HEADER = (
    "Nazwa;Numer RSPO;Typ;REGON;Kod terytorialny gmina;Telefon;Kod pocztowy;Miejscowość;Imię i nazwisko dyrektora"
)
RSPO_ROWS = (
    'Przedszkole nr 5;1001;Przedszkole;123456785;2469011;="032111222";="40-001";Katowice;Jan Zmyślony',
    'Poradnia "Żółć";1002;Poradnia psychologiczno-pedagogiczna;192598184;2469011;;;Katowice;',
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
async def test_rspo_comes_in_as_it_is_published(working_registry: httpx.AsyncClient, encoding: str) -> None:
    sent = await send_file(working_registry, RSPO, csv(RSPO_HEADER, *RSPO_ROWS, encoding=encoding))
    assert (sent.job["state"], sent.counts, sent.problems) == ("succeeded", (2, 0, 0, 0), [])
    [found] = (await working_registry.get("/v1/registry/institutions?q=zolc")).json()["items"]
    assert (found["rspo"], found["type"], found["source"]) == (
        "1002",
        "psych_ped_counselling_centre",
        "rspo",
    )
    [kindergarten] = (await working_registry.get("/v1/registry/institutions?rspo=1001")).json()["items"]
    assert (kindergarten["phone"], kindergarten["postcode"]) == ("032111222", "40-001")
    stored = await fetch(working_registry, "SELECT * FROM institutions")
    assert "Zmyślony" not in str(stored)


async def test_the_same_file_again_changes_nothing(working_registry: httpx.AsyncClient) -> None:
    await send_file(working_registry, RSPO, csv(RSPO_HEADER, *RSPO_ROWS))
    counted = """SELECT (SELECT count(*) FROM events),
                 (SELECT count(*) FROM audit_records WHERE action = 'import_institutions')"""
    before = await fetch(working_registry, counted)
    again = await send_file(working_registry, RSPO, csv(RSPO_HEADER, *RSPO_ROWS))
    assert again.counts == (0, 0, 2, 0)
    assert await fetch(working_registry, counted) == before == [(2, 2)]


async def test_a_changed_row_keeps_how_it_was_and_tells_of_it(
    working_registry: httpx.AsyncClient,
) -> None:
    await send_file(working_registry, RSPO, csv(RSPO_HEADER, *RSPO_ROWS))
    renamed = RSPO_ROWS[0].replace("nr 5", "nr 6")
    sent = await send_file(working_registry, RSPO, csv(RSPO_HEADER, renamed, RSPO_ROWS[1]))
    assert sent.counts == (0, 1, 1, 0)
    [kept] = await fetch(working_registry, "SELECT name, version FROM institution_history")
    assert kept == ("Przedszkole nr 5", 1)
    [now] = (await working_registry.get("/v1/registry/institutions?rspo=1001")).json()["items"]
    assert (now["name"], now["version"]) == ("Przedszkole nr 6", 2)
    told = "SELECT subject_version FROM events WHERE type = 'registry.institution.changed'"
    [event] = await fetch(working_registry, told)
    assert event.subject_version == 2


async def test_a_renamed_column_of_the_register_and_a_new_one_are_warnings(
    working_registry: httpx.AsyncClient,
) -> None:
    header = RSPO_HEADER.replace("Telefon", "Nr telefonu")
    answer = await send_file(working_registry, RSPO, csv(header, *RSPO_ROWS))
    assert (answer.counts, answer.job["result"]["problems"]) == ((2, 0, 0, 0), 0)
    lines = (await working_registry.get(f"/v1/registry/jobs/{answer.job['id']}/problems")).text.splitlines()
    told = {(one["line"], one["column"], one["pointer"], one["code"]) for one in map(json.loads, lines)}
    assert {(1, 6, "", "unknown_column"), (1, None, "/phone", "column_missing")} <= told
    # The director's name is known, and not taken: no word about it.
    assert not [one for one in told if one[1] == 9]


async def test_a_column_that_a_mapping_names_and_the_file_lacks_is_a_warning(
    working_registry: httpx.AsyncClient,
) -> None:
    mapping = {
        "external_id": "Nr",
        "name": "Kto",
        "type": "Rodzaj",
        "county_terc": "Powiat",
        "regon": "REGON",
    }
    url = httpx.URL(GENERIC, params={"format": "generic", "mapping": json.dumps(mapping)})
    sent = await send_file(working_registry, str(url), csv("Nr;Kto;Rodzaj;Powiat", "1;Miś;nursery;2469"))
    assert (sent.counts, sent.problems) == ((1, 0, 0, 0), [(1, "/regon", "column_missing")])


async def test_an_empty_cell_leaves_what_is_known(working_registry: httpx.AsyncClient) -> None:
    await send_file(working_registry, RSPO, csv(RSPO_HEADER, *RSPO_ROWS))
    emptied = RSPO_ROWS[0].replace('="032111222"', "")
    assert (await send_file(working_registry, RSPO, csv(RSPO_HEADER, emptied))).counts == (
        0,
        0,
        1,
        0,
    )


async def test_an_institution_registered_by_hand_is_found_again_by_its_rspo_number(
    working_registry: httpx.AsyncClient,
) -> None:
    made = await add_institution(working_registry, rspo="1002", phone="+48 32 111 22 33")
    sent = await send_file(working_registry, RSPO, csv(RSPO_HEADER, *RSPO_ROWS))
    assert sent.counts == (1, 1, 0, 0)
    found = (await working_registry.get(f"/v1/registry/institutions/{made['id']}")).json()
    assert (found["name"], found["source"], found["phone"]) == (
        'Poradnia "Żółć"',
        "rspo",
        "+48 32 111 22 33",
    )


async def test_good_rows_are_taken_and_bad_rows_reported_by_line(
    working_registry: httpx.AsyncClient,
) -> None:
    rows = [
        RSPO_ROWS[0],
        "Bez typu;1003;;;2469011;;;;",
        "Zły REGON;1004;Przedszkole;123456786;2469011;;;;",
        "Nieznana gmina;1005;Przedszkole;;2469991;;;;",
        "Powtórzone;1001;Przedszkole;;2469011;;;;",
        "Cudzy powiat;1006;Przedszkole;;2401011;;;;",
    ]
    sent = await send_file(working_registry, RSPO, csv(RSPO_HEADER, *rows))
    assert sent.counts == (1, 0, 0, 5)
    assert sent.problems == [
        (3, "/type", "missing"),
        (4, "/regon", "wrong_checksum"),
        (5, "/commune_terc", "not_found"),
        (6, "/source_key", "repeated_in_file"),
        (7, "/county_terc", "outside_scope"),
    ]


async def test_a_row_with_the_rspo_number_of_another_institution_is_refused(
    working_registry: httpx.AsyncClient,
) -> None:
    header = "external_id;name;type;county_terc;rspo"
    await send_file(working_registry, GENERIC, csv(header, "1;Miś;nursery;2469;1001", "2;Jaś;nursery;2469;"))
    moved = csv(header, "2;Małgosia;nursery;2469;1001", "3;Ktoś;nursery;2469;1003")
    sent = await send_file(working_registry, GENERIC, moved)
    assert (sent.counts, sent.problems) == ((1, 0, 0, 1), [(2, "/rspo", "already_taken")])
    named = await fetch(working_registry, "SELECT source_key, name, rspo FROM institutions ORDER BY 1")
    assert named == [("file:1", "Miś", "1001"), ("file:2", "Jaś", None), ("file:3", "Ktoś", "1003")]


async def test_a_row_gives_a_known_institution_the_rspo_number_it_lacked(
    working_registry: httpx.AsyncClient,
) -> None:
    header = "external_id;name;type;county_terc;rspo"
    await send_file(working_registry, GENERIC, csv(header, "1;Miś;nursery;2469;"))
    sent = await send_file(working_registry, GENERIC, csv(header, "1;Miś;nursery;2469;1001"))
    assert sent.counts == (0, 1, 0, 0)
    assert await fetch(working_registry, "SELECT rspo, version FROM institutions") == [("1001", 2)]


async def test_what_is_known_of_another_county_is_found_by_its_external_id_too(
    working_registry: httpx.AsyncClient,
) -> None:
    header = "external_id;name;type;county_terc"
    await send_file(working_registry, GENERIC, csv(header, "1;Miś;nursery;2401"), headers=EVERYWHERE)
    sent = await send_file(working_registry, GENERIC, csv(header, "1;Miś;nursery;2469"))
    assert (sent.counts, sent.problems) == ((0, 0, 0, 1), [(2, "/rspo", "outside_scope")])


async def test_a_long_file_is_merged_in_growing_parts_and_each_row_once(
    working_registry: httpx.AsyncClient,
) -> None:
    rows = [f"Przedszkole nr {n};{n};Przedszkole;;2469011;;;;" for n in range(1, 4_501)]
    told = """SELECT (SELECT count(*) FROM institutions), (SELECT count(DISTINCT subject) FROM events),
              (SELECT count(*) FROM events),
              (SELECT count(*) FROM audit_records WHERE action = 'import_institutions')"""
    for counts in ((4_500, 0, 0, 0), (0, 0, 4_500, 0)):
        assert (await send_file(working_registry, RSPO, csv(RSPO_HEADER, *rows))).counts == counts
        assert await fetch(working_registry, told) == [(4_500, 4_500, 4_500, 4_500)]
    parts = "SELECT count(*) FROM institutions GROUP BY cmin::text::integer ORDER BY cmin::text::integer"
    assert await fetch(working_registry, parts) == [(1_000,), (1_000,), (2_000,), (500,)]


async def test_a_dry_run_tells_the_same_and_writes_nothing(
    working_registry: httpx.AsyncClient,
) -> None:
    sent = await send_file(working_registry, f"{RSPO}&dry_run=true", csv(RSPO_HEADER, *RSPO_ROWS))
    assert sent.counts == (2, 0, 0, 0)
    assert (await fetch(working_registry, "SELECT count(*) FROM institutions")) == [(0,)]
    assert (await fetch(working_registry, "SELECT count(*) FROM events")) == [(0,)]


async def test_anybodys_table_comes_in_by_a_mapping_and_counties_by_unambiguous_names(
    working_registry: httpx.AsyncClient,
) -> None:
    mapping = {
        "external_id": "Nr",
        "name": "Kto",
        "type": "Rodzaj",
        "county_name": "Powiat",
        "voivodeship_name": "Woj",
    }
    url = httpx.URL(GENERIC, params={"format": "generic", "system": "pcpr", "mapping": json.dumps(mapping)})
    table = csv(
        "Nr;Kto;Rodzaj;Powiat;Woj",
        "1;Szpital;hospital;Katowice;",
        "2;Szpital;hospital;świdnicki;",
        "3;Szpital;hospital;ŚWIDNICKI;lubelskie",
        "4;Szpital;hospital;nigdzie;",
    )
    sent = await send_file(working_registry, str(url), table, headers=EVERYWHERE)
    assert sent.counts == (2, 0, 0, 2)
    assert sent.problems == [(3, "/county_name", "ambiguous"), (5, "/county_name", "not_found")]
    keys = await fetch(working_registry, "SELECT source_key, county_terc FROM institutions ORDER BY 1")
    assert keys == [("pcpr:1", "2469"), ("pcpr:3", "0619")]


@pytest.mark.parametrize(
    "mapping",
    ['{"nmae":"Kto"}', "[]", "{", '{"name":1}', '{"name":"Kto","type":"Kto"}', '{"name":""}'],
)
async def test_a_mapping_that_cannot_be_meant_is_refused(registry: httpx.AsyncClient, mapping: str) -> None:
    headers = {"content-type": "text/csv", "idempotency-key": "mapping"}
    answer = await registry.post(URL, params={"format": "generic", "mapping": mapping}, content=b"x", headers=headers)
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["parameter"] == "mapping"


async def test_nobody_moves_an_institution_of_another_county_by_a_file(
    working_registry: httpx.AsyncClient,
) -> None:
    elsewhere = "Przedszkole;1001;Przedszkole;;2401011;;;;"
    await send_file(working_registry, RSPO, csv(RSPO_HEADER, elsewhere), headers=EVERYWHERE)
    sent = await send_file(working_registry, RSPO, csv(RSPO_HEADER, RSPO_ROWS[0]))
    assert (sent.counts, sent.problems) == ((0, 0, 0, 1), [(2, "/rspo", "outside_scope")])
