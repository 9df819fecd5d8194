"""Documents: recorded, noted once, amended, and what falls due by them on any day."""

from typing import Any

import httpx
import pytest

from tests.casework.cases.made import opened
from tests.casework.documents.asks import RULING
from tests.casework.documents.made import DOCUMENTS, erase, noted, recorded, restrict
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem

WORDS = {
    "has_multiple_disabilities": True,
    "multiple_disabilities_reason": "niedosłuch i niepełnosprawność ruchowa",
    "remarks": "odebrała babcia dziecka",
}
OPINION = {"kind": "early_support_need_opinion"}


async def due(client: httpx.AsyncClient, document: dict[str, Any], day: str) -> list[tuple[str, str, bool]]:
    """What is due by a document as of a day."""
    answer = await client.get(f"{DOCUMENTS}/{document['id']}", params={"on": day})
    assert answer.status_code == 200, answer.text
    return [(each["code"], each["due_on"], each["is_overdue"]) for each in answer.json()["deadlines"]]


async def test_a_document_is_read_as_it_was_recorded(casework: httpx.AsyncClient) -> None:
    ruling = await recorded(casework, **WORDS)
    read = await casework.get(f"{DOCUMENTS}/{ruling['id']}")
    assert read.json() == ruling
    assert {name: ruling[name] for name in RULING | WORDS} == RULING | WORDS
    assert (ruling["state"], ruling["allowed"]) == ("issued", ["deliver", "hand-in"])


async def test_what_is_said_of_a_disability_is_sealed_and_in_no_list(casework: httpx.AsyncClient) -> None:
    ruling = await recorded(casework, **WORDS)
    [kept] = await rows(casework, "SELECT CAST(d AS text) FROM documents AS d")
    told = await rows(casework, "SELECT CAST(a AS text) || CAST(e AS text) FROM audit_records AS a, events AS e")
    for secret in ("niedos", "babcia", "ruchowa"):
        assert secret not in kept[0]
        assert secret.encode().hex() not in kept[0]
        assert not [row for row in told if secret in row[0]]
    [listed] = (await casework.get(DOCUMENTS)).json()["items"]
    assert listed["id"] == ruling["id"]
    assert not {*WORDS} & listed.keys()


@pytest.mark.parametrize(
    ("facts", "errors"),
    [
        ({"issuer_regon": "123456784"}, [("/issuer_regon", "invalid")]),
        ({"issuer_regon": None, "number": None}, [("/issuer_regon", "missing"), ("/number", "missing")]),
        ({"outcome": None}, [("/outcome", "missing")]),
        ({"kind": "disability_ruling"}, [("/outcome", "not_allowed")]),
        ({"issued_on": "2199-01-01"}, [("/issued_on", "in_future")]),
        ({"applied_on": "2025-10-02"}, [("/issued_on", "wrong_order")]),
        ({"delivered_on": "2025-09-30"}, [("/delivered_on", "wrong_order")]),
        ({"valid_to": "2025-09-30"}, [("/valid_to", "wrong_order")]),
        ({"wopfu_on": ["2025-11-01", "2199-01-01"]}, [("/wopfu_on", "in_future")]),
        ({"has_multiple_disabilities": True}, [("/multiple_disabilities_reason", "missing")]),
        ({**OPINION, **WORDS}, [(f"/{name}", "not_allowed") for name in list(WORDS)[:2]]),
        ({"issued_on": None, "applied_on": "2025-09-01"}, [("/issued_on", "missing")]),
    ],
)
async def test_what_a_document_states_wrongly_is_named_and_nothing_recorded(
    casework: httpx.AsyncClient, facts: dict[str, Any], errors: list[tuple[str, str]]
) -> None:
    child = await registered(casework)
    answer = await casework.post(DOCUMENTS, json={**RULING, **facts, "person_id": child["id"]})
    problem = assert_problem(answer, 422, "validation-failed")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == errors
    assert (await casework.get(DOCUMENTS)).json()["items"] == []


async def test_the_same_document_is_not_recorded_twice(casework: httpx.AsyncClient) -> None:
    ruling = await recorded(casework)
    again = {**RULING, "person_id": ruling["person_id"]}
    assert_problem(await casework.post(DOCUMENTS, json=again), 409, "document-already-recorded")
    await recorded(casework)


async def test_a_document_belongs_to_a_case_of_the_same_child(casework: httpx.AsyncClient) -> None:
    case, other = await opened(casework), await opened(casework)
    ruling = await recorded(casework, person_id=case["person_id"], case_id=case["id"])
    await recorded(casework, person_id=case["person_id"], number="2", **OPINION)
    listed = (await casework.get(DOCUMENTS, params={"case_id": case["id"]})).json()["items"]
    assert [one["id"] for one in listed] == [ruling["id"]]
    wrong = {**RULING, "number": "3", "person_id": case["person_id"], "case_id": other["id"]}
    assert_problem(await casework.post(DOCUMENTS, json=wrong), 422, "unknown-reference")
    patched = await casework.patch(f"{DOCUMENTS}/{ruling['id']}", json={"case_id": other["id"]}, headers=tag(ruling))
    assert_problem(patched, 422, "unknown-reference")


async def test_a_list_is_narrowed_by_child_kind_and_outcome(casework: httpx.AsyncClient) -> None:
    ruling = await recorded(casework, valid_to="2028-08-31")
    opinion = await recorded(casework, **OPINION, outcome="need_not_found")
    for query, expected in (
        ({"person_id": ruling["person_id"]}, ruling),
        ({"kind": "early_support_need_opinion"}, opinion),
        ({"outcome": "need_not_found"}, opinion),
        ({"valid_to_to": "2028-08-31"}, ruling),
    ):
        listed = (await casework.get(DOCUMENTS, params=query)).json()["items"]
        assert [one["id"] for one in listed] == [expected["id"]], query


@pytest.mark.parametrize(
    ("facts", "day", "expected"),
    [
        ({}, "2025-10-08", [("delivery", "2025-10-08", False)]),
        ({}, "2025-10-09", [("delivery", "2025-10-08", True)]),
        (OPINION, "2025-10-09", [("delivery", "2025-10-08", True)]),
        ({"delivered_on": "2025-10-06"}, "2025-10-20", [("appeal", "2025-10-20", False)]),
        ({"delivered_on": "2025-10-06"}, "2025-10-21", []),
        ({**OPINION, "delivered_on": "2025-10-06"}, "2025-10-07", []),
        (
            {"delivered_on": "2025-10-06", "handed_in_on": "2025-10-10"},
            "2025-11-10",
            [("ipet", "2025-11-09", True), ("wopfu", "2026-01-31", False), ("wopfu", "2026-06-30", False)],
        ),
        (
            {
                "issued_on": "2025-06-02",
                "delivered_on": "2025-06-09",
                "handed_in_on": "2025-06-12",
                "begins_with_school_year": True,
            },
            "2025-08-01",
            [("ipet", "2025-09-30", False)],
        ),
        (
            {
                "delivered_on": "2025-10-06",
                "handed_in_on": "2025-10-10",
                "ipet_on": "2025-11-03",
                "wopfu_on": ["2026-01-20"],
            },
            "2026-07-01",
            [("wopfu", "2026-06-30", True)],
        ),
        (
            {
                "delivered_on": "2025-10-06",
                "handed_in_on": "2025-10-10",
                "ipet_on": "2025-11-03",
                "wopfu_on": ["2026-01-20", "2026-06-01"],
            },
            "2026-07-01",
            [],
        ),
        ({"issued_on": "2016-02-01"}, "2025-10-09", []),
    ],
)
async def test_deadlines_are_those_of_the_law_on_any_day(
    casework: httpx.AsyncClient, facts: dict[str, Any], day: str, expected: list[tuple[str, str, bool]]
) -> None:
    assert await due(casework, await recorded(casework, **facts), day) == expected


async def test_a_deadline_names_the_act_that_sets_it(casework: httpx.AsyncClient) -> None:
    ruling = await recorded(casework, valid_to="2028-08-31")
    read = await casework.get(f"{DOCUMENTS}/{ruling['id']}", params={"on": "2025-10-02"})
    delivery, expiry = read.json()["deadlines"]
    assert delivery["source"]["act"].startswith("Dz.U. 2023 poz. 2061")
    assert delivery["source"]["basis"] == "statute"
    assert (expiry["code"], expiry["source"]) == ("expiry", None)


async def test_what_is_applied_for_is_issued_in_30_days_and_a_complex_matter_in_60(
    casework: httpx.AsyncClient,
) -> None:
    unknown = {"outcome": None, "number": None, "issued_on": None, "applied_on": "2026-01-15"}
    applied = await recorded(casework, **unknown)
    assert (applied["state"], applied["allowed"]) == ("applied_for", [])
    assert await due(casework, applied, "2026-02-15") == [("issue", "2026-02-14", True)]
    path = f"{DOCUMENTS}/{applied['id']}"
    complex_one = (await casework.patch(path, json={"is_complex": True}, headers=tag(applied))).json()
    assert await due(casework, complex_one, "2026-02-15") == [("issue", "2026-03-16", False)]
    early = await noted(casework, complex_one, "deliver", on="2026-02-01")
    assert assert_problem(early, 409, "state-conflict")["state"] == "applied_for"
    issued = {"issued_on": "2026-02-20", "number": "7/2026", "outcome": "need_found"}
    answer = await casework.patch(path, json=issued, headers=tag(complex_one))
    assert answer.json()["state"] == "issued"
    assert await due(casework, complex_one, "2026-02-21") == [("delivery", "2026-02-27", False)]


async def test_delivery_handing_in_and_appeal_are_each_noted_once(casework: httpx.AsyncClient) -> None:
    ruling = await recorded(casework)
    early = await noted(casework, ruling, "appeal", on="2025-10-07")
    assert assert_problem(early, 409, "state-conflict")["allowed"] == ["deliver", "hand-in"]
    for verb, day, state in (
        ("deliver", "2025-10-06", "delivered"),
        ("hand-in", "2025-10-10", "delivered"),
        ("appeal", "2025-10-20", "appealed"),
    ):
        answer = await noted(casework, ruling, verb, on=day)
        assert answer.status_code == 200, answer.text
        assert (await noted(casework, ruling, verb, on=day)).status_code == 412
        ruling = answer.json()
        assert ruling["state"] == state
        assert_problem(await noted(casework, ruling, verb, on=day), 409, "state-conflict")
    assert ruling["allowed"] == []
    days = [ruling[name] for name in ("delivered_on", "handed_in_on", "appealed_on")]
    assert days == ["2025-10-06", "2025-10-10", "2025-10-20"]
    events = await rows(casework, "SELECT type FROM events WHERE type LIKE 'casework.document.%' ORDER BY id")
    assert [event["type"].rpartition(".")[2] for event in events] == ["recorded", "delivered", "handed-in", "appealed"]


@pytest.mark.parametrize(
    ("facts", "verb", "day", "code"),
    [
        ({}, "deliver", "2025-09-30", "wrong_order"),
        ({}, "deliver", "2199-01-01", "in_future"),
        ({"handed_in_on": "2025-10-03"}, "deliver", "2025-10-04", "wrong_order"),
        ({}, "hand-in", "2025-09-30", "wrong_order"),
        ({"delivered_on": "2025-10-06"}, "appeal", "2025-10-21", "too_late"),
        ({"delivered_on": "2025-10-06"}, "appeal", "2025-10-05", "not_delivered"),
        ({"issued_on": "2016-10-01", "delivered_on": "2016-10-06"}, "appeal", "2016-10-07", "too_late"),
    ],
)
async def test_a_day_that_does_not_fit_is_not_noted(
    casework: httpx.AsyncClient, facts: dict[str, Any], verb: str, day: str, code: str
) -> None:
    ruling = await recorded(casework, **facts)
    problem = assert_problem(await noted(casework, ruling, verb, on=day), 422, "validation-failed")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [("/on", code)]


async def test_an_opinion_is_not_appealed_from(casework: httpx.AsyncClient) -> None:
    opinion = await recorded(casework, **OPINION, delivered_on="2025-10-06")
    assert_problem(await noted(casework, opinion, "appeal", on="2025-10-07"), 409, "state-conflict")


async def test_a_noted_day_is_corrected_and_one_that_was_not_noted_is_not_amended(casework: httpx.AsyncClient) -> None:
    ruling = await recorded(casework)
    path = f"{DOCUMENTS}/{ruling['id']}"
    refused = await casework.patch(path, json={"delivered_on": "2025-10-06"}, headers=tag(ruling))
    assert assert_problem(refused, 422, "validation-failed")["errors"][0]["code"] == "not_allowed"
    delivered = (await noted(casework, ruling, "deliver", on="2025-10-06")).json()
    corrected = await casework.patch(path, json={"delivered_on": "2025-10-07"}, headers=tag(delivered))
    assert (corrected.json()["delivered_on"], corrected.json()["version"]) == ("2025-10-07", 3)
    stale = await casework.patch(path, json={"remarks": "inne"}, headers=tag(delivered))
    assert_problem(stale, 412, "version-mismatch")
    assert_problem(await casework.patch(path, json={"remarks": "inne"}), 428, "precondition-required")


async def test_a_document_of_an_erased_child_is_gone(casework: httpx.AsyncClient) -> None:
    ruling = await recorded(casework)
    await erase(casework, ruling["person_id"])
    assert_problem(await casework.get(f"{DOCUMENTS}/{ruling['id']}"), 410, "erased")
    assert_problem(await noted(casework, ruling, "deliver", on="2025-10-06"), 410, "erased")


async def test_nothing_is_recorded_while_processing_is_restricted(casework: httpx.AsyncClient) -> None:
    ruling = await recorded(casework)
    await restrict(casework, ruling["person_id"])
    body = {**RULING, "number": "2", "person_id": ruling["person_id"]}
    patched = await casework.patch(f"{DOCUMENTS}/{ruling['id']}", json={"remarks": "x"}, headers=tag(ruling))
    delivered = await noted(casework, ruling, "deliver", on="2025-10-06")
    for answer in (await casework.post(DOCUMENTS, json=body), patched, delivered):
        assert_problem(answer, 423, "processing-restricted")
    assert (await casework.get(f"{DOCUMENTS}/{ruling['id']}")).json()["version"] == 1


async def test_a_look_is_noted_with_the_child(casework: httpx.AsyncClient) -> None:
    ruling = await recorded(casework)
    await casework.get(f"{DOCUMENTS}/{ruling['id']}")
    await casework.get(DOCUMENTS)
    await casework.get(f"{DOCUMENTS}/deadlines")
    looks = await rows(casework, "SELECT action, detail FROM audit_records WHERE detail ? 'category' ORDER BY id")
    assert [action for action, _ in looks] == ["get_document", "list_documents", "list_document_deadlines"]
    for _, detail in looks:
        assert (detail["category"], detail["people"]) == ("documents", [ruling["person_id"]])


async def test_a_document_of_another_county_is_not_there(casework: httpx.AsyncClient) -> None:
    ruling = await recorded(casework)
    elsewhere = call_as("county_coordinator", counties=["2401"])
    assert_problem(await casework.get(f"{DOCUMENTS}/{ruling['id']}", headers=elsewhere), 404, "document-not-found")
    assert (await casework.get(DOCUMENTS, headers=elsewhere)).json()["items"] == []
    late = await casework.get(f"{DOCUMENTS}/deadlines", params={"due_to": "2199-01-01"}, headers=elsewhere)
    assert late.json()["items"] == []
