"""Whoever registered for a conference is erased when the months are over, by two people; the counts stay."""

import httpx
import pytest

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change, fetch
from tests.training.authorities.made import read, set_day
from tests.training.conference_attendances.test_endpoints import ALL, came, figures, over
from tests.training.conferences.test_endpoints import codes
from tests.training.groups.made import URL, Made, post, send
from tests.training.indicators.asks import INDICATOR

SECOND = call_as("training_manager", subject="second", counties=["*"])
RULE: Made = {"months": 6, "legal_basis": "Umowa, § 20", "valid_from": "2023-01-01"}
RULES, RUNS = "/conference-retention-rules", "/conference-retention-runs"


async def held(client: httpx.AsyncClient) -> tuple[Made, Made]:
    """A held conference with three places to which two came, one of whom by a correction; and one of the two."""
    conference, [anna, jan, _] = await over(client, {}, {"county_terc": "2401"}, {"audience": "local_authorities"})
    path, his = f"/conferences/{conference['id']}", f"/conference-registrations/{jan['id']}"
    await post(client, f"{path}/attendance", came((anna, True), (jan, False)), headers=ALL)
    correction = {"has_attended": True, "reason": "other_person"}
    await post(client, f"{his}/correct-attendance", correction, await read(client, his, headers=ALL), headers=ALL)
    await post(client, f"{path}/hold", None, await read(client, path), headers=ALL)
    return conference, anna


async def counting(client: httpx.AsyncClient, conference: Made) -> list[str]:
    """Where it stands how many conferences were held, and how many people came."""
    programme = await code_of(client, conference)
    whole = {"target": 2, "target_female": None, "target_male": None}
    made = []
    for measure in ("held_conferences", "conference_attendees"):
        facts = INDICATOR | whole | {"code": measure, "measure": measure, "programme": programme}
        made.append((await post(client, "/indicators", facts))["id"])
    return [f"/indicators/{each}/progress" for each in made]


async def code_of(client: httpx.AsyncClient, conference: Made) -> str:
    """The code of a conference's programme."""
    [[code]] = await fetch(
        client, "SELECT code FROM programmes WHERE id = CAST(:id AS uuid)", id=conference["programme_id"]
    )
    return str(code)


async def test_registrants_are_erased_by_a_second_person_after_the_months_and_counts_stay(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_day(monkeypatch, "2024-04-02")
    conference, anna = await held(training)
    path, indicators = f"/conferences/{conference['id']}", await counting(training, conference)
    await post(training, RULES, RULE, headers=ALL)
    # Six months after 2 October end with 2 April (Civil Code, art. 112): on that day nobody falls due.
    early = await post(training, RUNS, {"as_of": "2024-04-02"}, headers=ALL)
    assert (early["registrations"], early["conference_ids"]) == (0, [])
    set_day(monkeypatch, "2024-04-03")
    run = await post(training, RUNS, {"as_of": "2024-04-03"}, headers=ALL)
    assert (run["months"], run["registrations"], run["conference_ids"]) == (6, 3, [conference["id"]])
    assert len((await read(training, f"{path}/registrations", headers=ALL))["items"]) == 3
    carry_out = f"{RUNS}/{run['id']}/carry-out"
    assert_problem(await send(training, carry_out, None, run, headers=ALL), 409, "submitter-decides")
    done = await post(training, carry_out, None, run, headers=SECOND)
    assert (done["state"], done["erased"], done["decided_by"]) == ("carried_out", 3, "second")
    twice = await send(training, carry_out, None, done, headers=SECOND)
    assert assert_problem(twice, 409, "state-conflict")["allowed"] == []
    for table in ("conference_registrations", "conference_attendance_corrections"):
        assert await fetch(training, f"SELECT 1 FROM {table}") == []
    counts = await read(training, f"{path}/attendance")
    assert (counts["is_erased"], counts["registered"], counts["attended"]) == (True, 3, 2)
    assert figures(counts) == {"health_sector": (2, 0, 0), "local_authorities": (0, 0, 1)}
    assert [(await read(training, each))["whole"]["achieved"] for each in indicators] == [1, 2]
    # Nothing more is said of people whom nobody knows.
    late = await send(training, f"{path}/attendance", came((anna, True)), headers=ALL)
    assert assert_problem(late, 409, "state-conflict")["allowed"] == []
    assert (await read(training, path))["registered"] == 3


async def test_who_was_moved_or_declined_is_kept_and_rules_are_dated(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_day(monkeypatch, "2026-01-15")
    without = await send(training, RUNS, {"as_of": "2026-01-15"}, headers=ALL)
    assert_problem(without, 409, "conference-retention-rule-missing")
    assert codes(await send(training, RUNS, {"as_of": "2026-01-16"}, headers=ALL)) == [("/as_of", "in_future")]
    assert codes(await send(training, RULES, RULE | {"valid_to": "2022-12-31"}, headers=ALL)) == [
        ("/valid_to", "wrong_order")
    ]
    rule = await post(training, RULES, RULE, headers=ALL)
    assert_problem(
        await send(training, RULES, RULE | {"valid_from": "2025-01-01"}, headers=ALL),
        409,
        "conference-retention-rule-overlaps",
    )
    assert codes(await send(training, f"{RULES}/{rule['id']}/end", {"valid_to": "2026-01-14"}, rule)) == [
        ("/valid_to", "in_past")
    ]
    _, people = await over(training, {})
    runs = [await post(training, RUNS, {"as_of": "2026-01-15"}, headers=ALL) for _ in range(2)]
    declined = await post(training, f"{RUNS}/{runs[0]['id']}/decline", None, runs[0], headers=SECOND)
    assert (declined["state"], declined["erased"]) == ("declined", None)
    # Moved since it was proposed: its months are not over.
    await change(training, "UPDATE conferences SET starts_at = '2025-12-01T08:00Z', ends_at = '2025-12-01T13:00Z'")
    done = await post(training, f"{RUNS}/{runs[1]['id']}/carry-out", None, runs[1], headers=SECOND)
    assert (done["registrations"], done["erased"]) == (1, 0)
    kept = await training.get(f"{URL}/conference-registrations/{people[0]['id']}", headers=ALL)
    assert kept.json()["name"] == "Anna Testowa"
    ended = await post(training, f"{RULES}/{rule['id']}/end", {"valid_to": "2026-01-31"}, rule, headers=ALL)
    await post(training, RULES, RULE | {"valid_from": "2026-02-01", "months": 24}, headers=ALL)
    assert_problem(
        await send(training, f"{RULES}/{rule['id']}/end", {"valid_to": "2026-03-01"}, ended), 409, "state-conflict"
    )
