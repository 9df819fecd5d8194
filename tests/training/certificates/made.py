"""People who have earned a certificate, and certificates."""

from typing import Any

import httpx

from tests.support.records import change, fetch
from tests.training.sessions.made import Ids, put
from tests.training.validations.made import recorded, taught

CERTIFICATES = "/v1/training/certificates"
_SESSION = """
INSERT INTO sessions (id, programme_id, group_id, module_id, county_terc, title, starts_at, ends_at, minutes, mode,
    state, attendance_signed_at, attendance_signed_by)
VALUES (:id, :programme, :group, :module, :county, 'Zajęcia', '2026-09-15T07:00Z', '2026-09-15T23:00Z', 900, 'online',
    'held', CASE WHEN :signed THEN now() END, CASE WHEN :signed THEN 'trainer' END)
"""
_ATTENDED = """
INSERT INTO attendances (id, county_terc, session_id, group_id, trainee_id, minutes, recorded_by)
VALUES (:id, :county, :session, :group, :trainee, :minutes, 'trainer')
"""
_NAMED = "UPDATE trainees SET given_name = :given, family_name = :family WHERE id = CAST(:id AS uuid)"


async def attended(
    client: httpx.AsyncClient, ids: Ids, minutes: int, county: str = "2469", *, signed: bool = True
) -> None:
    """A session of the whole module, of which the person attended so many of 900 minutes."""
    ids["session"] = await put(
        client,
        _SESSION,
        programme=ids["programme"],
        group=ids["group"],
        module=ids["module"],
        county=county,
        signed=signed,
    )
    await attended_too(client, ids, ids["trainee"], minutes, county)


async def attended_too(client: httpx.AsyncClient, ids: Ids, trainee: str, minutes: int, county: str = "2469") -> None:
    """Another person in that session."""
    await put(
        client,
        _ATTENDED,
        county=county,
        session=ids["session"],
        group=ids["group"],
        trainee=trainee,
        minutes=minutes,
    )


async def earned(client: httpx.AsyncClient, county: str = "2469", account: str | None = None) -> Ids:
    """Somebody who attended 720 of 900 minutes, 80 in a hundred, and has achieved the required outcome."""
    ids = await taught(client, county, account)
    await change(client, _NAMED, given="Łucja Anna", family="Żółć-Wymyślona", id=ids["trainee"])
    await attended(client, ids, 720, county)
    if county == "2469":
        await recorded(client, ids)
    return ids


async def issue(client: httpx.AsyncClient, ids: Ids) -> httpx.Response:
    """The answer to issuing the person's certificate."""
    return await client.post(CERTIFICATES, json={"enrolment_id": ids["enrolment"]})


async def certified(client: httpx.AsyncClient, account: str | None = None) -> dict[str, Any]:
    """A certificate."""
    answer = await issue(client, await earned(client, account=account))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def noted(client: httpx.AsyncClient, action: str) -> str:
    """All that audit records and events of an action hold, as text."""
    rows = await fetch(client, "SELECT detail::text FROM audit_records WHERE action = :action", action=action)
    events = await fetch(client, "SELECT data::text || subject FROM events")
    return " ".join(row[0] for row in [*rows, *events])
