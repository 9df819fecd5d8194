"""Files of rows: taken whole or in part, reported by line, the same twice, refused by name and place."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.chassis import depot
from tests.chassis.conftest import Admin, ask, finished, take
from tests.chassis.goods_files import HEADER, IMPORTS, csv_headers, stored
from tests.support.problems import assert_problem


async def test_good_rows_are_taken_and_bad_ones_told_by_line(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    file = HEADER + 'A1;Anvil;"two\nlines";3\n??;Bolt;;\nC3;;;\nA1;Again;;\nE5;Edge;x;many\nF6;short\n;;;\n'
    job = await take(depot_client, file)
    assert job["result"] == {
        "rows": 7, "created": 1, "changed": 0, "unchanged": 0, "rejected": 6, "problems": 6, "warnings": 0,
        "dry_run": False,
    }  # fmt: skip
    assert await stored(admin) == [("A1", "Anvil", "two\nlines", 3)]
    answer = await depot_client.get(f"/v1/depot/jobs/{job['id']}/problems", headers={"accept-language": "en"})
    assert answer.headers["content-type"] == "application/x-ndjson"
    told = [json.loads(line) for line in answer.text.splitlines()]
    # A cell of two lines is one row of a spreadsheet, and of the numbers beside its rows.
    assert [(row["line"], row["column"], row["pointer"], row["code"]) for row in told] == [
        (3, 1, "/code", "wrong_format"),
        (4, 2, "/name", "missing"),
        (5, 1, "/code", "repeated_in_file"),
        (6, 4, "/pieces", "wrong_type"),
        (7, None, "", "wrong_number_of_cells"),
        (8, 1, "/code", "wrong_format"),
    ]
    assert told[0]["detail"] == "does not have the documented format"


async def test_a_second_run_of_the_same_file_changes_nothing(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    file = HEADER + "A1;Anvil;;1\nB2;Bolt;;2\n"
    counts = [(await take(depot_client, file))["result"] for _ in range(2)]
    assert [(count["created"], count["changed"], count["unchanged"]) for count in counts] == [(2, 0, 0), (0, 0, 2)]
    changed = await take(depot_client, file.replace("Bolt", "Belt"))
    assert (changed["result"]["changed"], changed["result"]["unchanged"]) == (1, 1)
    assert await stored(admin) == [("A1", "Anvil", None, 1), ("B2", "Belt", None, 2)]


def many_rows(end: str = "") -> str:
    """Rows that are merged in three parts: every hundredth is bad, the last but one repeats the first."""
    rows = [f"{'??' if n % 100 == 0 else f'A{n}'};Anvil;;{n}\n" for n in range(1, 2_501)]
    return HEADER + "".join(rows) + "A1;Again;;\n" + end


async def test_a_file_merged_in_parts_is_counted_and_told_as_one(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    job = await take(depot_client, many_rows())
    expected = {"rows": 2_501, "created": 2_475, "changed": 0, "unchanged": 0, "rejected": 26}
    assert {name: job["result"][name] for name in expected} == expected
    assert await admin.fetchval("SELECT count(*) FROM goods") == 2_475
    again = await take(depot_client, many_rows())
    assert (again["result"]["created"], again["result"]["unchanged"], again["result"]["rejected"]) == (0, 2_475, 26)
    told = await depot_client.get(f"/v1/depot/jobs/{again['id']}/problems")
    assert [json.loads(line)["line"] for line in told.text.splitlines()] == [*range(101, 2_502, 100), 2_502]


async def test_a_fault_in_the_last_part_takes_back_the_first(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    job = await take(depot_client, many_rows(end='"open;\n'))
    assert (job["state"], job["problem"]["code"]) == ("failed", "file_refused")
    assert await stored(admin) == []


async def test_a_dry_run_tells_what_would_be_and_writes_nothing(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    job = await take(depot_client, HEADER + "A1;Anvil;;1\nB2;;;\n", dry_run="true")
    assert (job["state"], job["result"]["created"], job["result"]["rejected"]) == ("succeeded", 1, 1)
    assert (await depot_client.get(f"/v1/depot/jobs/{job['id']}/problems")).text.count("\n") == 1
    assert await stored(admin) == []


async def test_no_part_of_the_file_outlives_its_job(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    filler = "".join(f"A{number};{'x' * 900};;\n" for number in range(3_000))
    location = await ask(depot_client, HEADER + filler)
    assert (await finished(depot_client, location))["result"]["created"] == 3_000
    assert await admin.fetchval("SELECT count(*) FROM job_files") == 0


async def test_a_fault_in_the_rule_is_ours_and_quotes_nothing(
    depot_client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    job = await take(depot_client, "Code;Name\nBUG;a secret\n")
    assert job["problem"]["code"] == "internal"
    assert "a secret" not in json.dumps(job)
    assert "a secret" not in capsys.readouterr().out


async def test_a_file_too_large_is_refused_declared_or_not(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    limit = depot.app.state.settings.max_upload_bytes = 2_000_000

    async def undeclared() -> AsyncIterator[bytes]:
        for _ in range(limit // 1_000 + 1):
            yield b"x" * 1_000

    for content in (b"x" * (limit + 1), undeclared()):
        answer = await idle_depot.post(IMPORTS, content=content, headers=csv_headers())
        assert_problem(answer, 413, "content-too-large")
    depot.app.state.settings.max_upload_bytes = 67_108_864
    assert await admin.fetchval("SELECT count(*) FROM job_files") == 0
