"""Rows of files: how answers may stand in them, and how a wrong one is named."""

import io
import json
import uuid
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]

from services.chassis.transfer.uploads import XLSX
from tests.screening.screening_imports.made import FACTS, IMPORTS, ITEMS, row, table
from tests.screening.screenings.made import CALLING, TYPICAL, URL, act, add_campaign, add_screening, counts_of
from tests.support.files import send_file


async def test_each_bad_row_is_named_by_its_line(working_screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(working_screening)
    rows = [
        row(1),
        row(2, TYPICAL | {"Y_MOVE1": "maybe"}),
        row(3, born_on="2026-03-15"),
        row(4, county_terc="2401"),
        row(5, implementer="nobody"),
        row(6, sex="x"),
        row(1),
        row(7, born_on=""),
        row(8, born_on="2010-01-01"),
        row(9, subject_ref="Jan Kowalski"),
        row(10, county_terc="9999"),
        row(11, {}),
    ]
    done = await send_file(working_screening, f"{IMPORTS}&campaign_id={campaign}", table(*rows))
    assert done.counts == (1, 0, 0, 11)
    assert done.problems == [
        (3, "/answers/Y_MOVE1", "not_listed"),
        (4, "/born_on", "after_screening"),
        (5, "/county_terc", "outside_scope"),
        (6, "/implementer", "not_found"),
        (7, "/sex", "not_listed"),
        (8, "/external_id", "repeated_in_file"),
        (9, "/born_on", "missing"),
        (10, "/form_code", "no_form"),
        (11, "/subject_ref", "wrong_format"),
        (12, "/county_terc", "wrong_format"),
        (13, "/answers", "nothing_answered"),
    ]


async def test_two_sexes_or_birth_months_of_one_subject_are_told_and_taken(
    working_screening: httpx.AsyncClient,
) -> None:
    subjects = [str(uuid.UUID(int=number)) for number in (1, 2, 3)]
    await add_screening(working_screening, subject_ref=subjects[0])
    rows = [
        row(1, subject_ref=subjects[0], sex="male"),
        row(2, subject_ref=subjects[1]),
        row(3, subject_ref=subjects[1], born_on="2024-05-02"),
        row(4, subject_ref=subjects[2], sex="unknown"),
        row(5, subject_ref=subjects[2]),
    ]
    done = await send_file(working_screening, IMPORTS, table(*rows))
    assert done.counts == (5, 0, 0, 0)
    assert done.problems == [
        (2, "/sex", "other_sex"),
        (3, "/born_on", "other_birth_month"),
        (4, "/born_on", "other_birth_month"),
    ]


async def test_an_answer_is_never_empty_for_a_heading_or_an_error_and_a_spelling_never_taken_that_the_api_refuses(
    working_screening: httpx.AsyncClient,
) -> None:
    renamed = table(row(1)).replace(b"Y_MOVE1", b"Y_MOVE_1")
    done = await send_file(working_screening, f"{IMPORTS}&dry_run=true", renamed)
    assert done.problems == [(1, "", "unknown_column")]
    assert done.job["result"]["warnings"] == 1
    twice, nan = '{"Y_MOVE1": "yes", "Y_MOVE1": "no"}', '{"Y_MOVE1": NaN}'
    rows: list[dict[str, Any]] = [
        row(1, TYPICAL | {"Y_MOVE1": "#N/A"}),
        row(2, subject_ref=str(uuid.UUID(int=2**127 + 11)).upper()),
        row(3, external_id="a\u202eb"),
        row(4, county_terc="69"),
        row(5, {}) | {"answers": twice},
        row(6, {}) | {"answers": nan},
        row(7, administered_on="14/03/2026"),
    ]
    lines = "".join(json.dumps(line) + "\n" for line in rows).encode()
    done = await send_file(working_screening, IMPORTS, lines, kind="application/x-ndjson")
    assert done.problems == [
        (1, "/Y_MOVE1", "cell_in_error"),
        (2, "/subject_ref", "wrong_format"),
        (3, "/external_id", "not_allowed_character"),
        (4, "/county_terc", "wrong_format"),
        (5, "/answers", "malformed_json"),
        (6, "/answers", "malformed_json"),
        (7, "/administered_on", "wrong_format"),
    ]


async def test_answers_may_stand_in_one_cell_and_the_age_be_told(working_screening: httpx.AsyncClient) -> None:
    told: dict[str, Any] = row(1, {}) | {"born_on": "", "birth_month": "2024-03", "age_months": "23"}
    lines = [told | {"answers": json.dumps(CALLING)}, told | {"external_id": "2", "age_months": "30"}]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    done = await send_file(working_screening, IMPORTS, content, kind="application/x-ndjson")
    assert (done.counts, done.problems) == ((1, 0, 0, 1), [(2, "/age_months", "too_large")])
    found = (await working_screening.get(URL)).json()["items"][0]
    assert (found["outcome"], found["age_months"]) == ("positive", 23)


async def test_columns_and_cells_of_answers_stand_in_one_file_and_what_is_not_asked_is_named(
    working_screening: httpx.AsyncClient,
) -> None:
    whole = {"answers": json.dumps(CALLING)}
    lines = [row(1), row(2, {}) | whole, row(3, {"Y_MOVE1": "not_yet"}) | {"answers": json.dumps(TYPICAL)}]
    lines += [row(4) | {"O_OTHER": "yes"}, row(5, {}) | {"answers": json.dumps(TYPICAL | {"O_OTHER": "yes"})}]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    done = await send_file(working_screening, IMPORTS, content, kind="application/x-ndjson")
    assert done.counts == (3, 0, 0, 2)
    assert done.problems == [(4, "/answers/O_OTHER", "unknown"), (5, "/answers/O_OTHER", "unknown")]
    kept = {}
    for item in (await working_screening.get(URL)).json()["items"]:
        kept[item["external_id"]] = (await working_screening.get(f"{URL}/{item['id']}")).json()["answers"]
    assert kept == {"1": TYPICAL, "2": CALLING, "3": TYPICAL | {"Y_MOVE1": "not_yet"}}


async def test_several_forms_of_one_child_in_a_file_make_one_subject(working_screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(working_screening)
    child = {"subject_ref": str(uuid.UUID(int=7)), "implementer": "project"}
    rows = [row(1, TYPICAL, **child), row(2, CALLING, **child), row(3, TYPICAL, **child), row(4)]
    done = await send_file(working_screening, f"{IMPORTS}&campaign_id={campaign}", table(*rows))
    assert done.counts == (4, 0, 0, 0)
    assert await counts_of(working_screening, campaign) == {"positive": 1, "negative": 1}
    calling = (await working_screening.get(f"{URL}?external_id=2&source=platform")).json()["items"][0]
    assert (await act(working_screening, calling, "annul", {"reason": "pomyłka"})).status_code == 200
    assert await counts_of(working_screening, campaign) == {"negative": 2}


async def test_a_workbook_is_read_as_well(working_screening: httpx.AsyncClient) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    columns = (*FACTS, *ITEMS)
    sheet.append(columns)
    for number in (1, 2):
        sheet.append([row(number)[name] for name in columns])
    content = io.BytesIO()
    book.save(content)
    done = await send_file(working_screening, IMPORTS, content.getvalue(), kind=XLSX)
    assert done.counts == (2, 0, 0, 0)
