"""Hours: exact sums by year, role, county and programme (F4, N5)."""

import httpx

from tests.support.callers import call_as
from tests.training.hour_totals.asks import totals
from tests.training.hour_totals.test_endpoints import sent
from tests.training.sessions.made import a_programme, put

HOURS = "/v1/training/hours"
EVERYWHERE = call_as("training_manager", counties=["*"])
# So many meetings of five hours, one a day from a day on.
_MEETINGS = """
INSERT INTO sessions (id, programme_id, county_terc, audience_role, title, starts_at, ends_at, minutes, mode, state)
SELECT CASE number WHEN 1 THEN CAST(:id AS uuid) ELSE uuidv7() END, :programme, :county, :role, 'Spotkanie',
       first + number * interval '1 day', first + number * interval '1 day 6 hours', :minutes, 'online', :state
FROM generate_series(1, CAST(:count AS integer)) AS number, CAST(CAST(:first AS text) AS timestamptz) AS first
"""


async def meetings(client: httpx.AsyncClient, programme: str, first: str, count: int, **facts: object) -> None:
    """Meetings that were held."""
    defaults = {"county": "2469", "role": "early_screening_coordinator", "minutes": 300, "state": "held"}
    await put(client, _MEETINGS, **{**defaults, **facts, "programme": programme, "first": first, "count": count})


async def test_sessions_of_241_and_115_hours_are_356_hours_source_000(training: httpx.AsyncClient) -> None:
    """F4: „ponad 350 h", of which 241 in 2023 and 115 in 2022."""
    programme = (await a_programme(training))["programme"]
    await meetings(training, programme, "2022-09-01T10:00:00Z", 23)
    await meetings(training, programme, "2023-01-01T10:00:00Z", 48)
    await meetings(training, programme, "2023-06-01T10:00:00Z", 1, minutes=60)
    hours = (await training.get(HOURS, params={"at_least_hours": 350})).json()
    assert [(each["year"], each["hours"]) for each in hours["items"]] == [(2022, "115.00"), (2023, "241.00")]
    assert (hours["total"]["minutes"], hours["total"]["qualifier"]) == (21360, "exact")
    assert hours["total"]["text"] == {"pl": "356 godz.", "en": "356 h"}
    assert hours["threshold"]["verdict"] == "met"
    assert hours["threshold"]["text"]["en"] == "≥ 350 h: met"


async def test_a_sum_with_a_lower_bound_is_one_source_000(training: httpx.AsyncClient) -> None:
    """N5: „ponad 241" is a lower bound itself, so that the sum is at least 356."""
    programme = (await a_programme(training))["programme"]
    items = [
        {"year": 2023, "minutes": 241 * 60, "is_lower_bound": True, "county_terc": None},
        {"year": 2022, "minutes": 115 * 60, "county_terc": None},
    ]
    assert (await sent(training, totals(programme, *items), EVERYWHERE)).json()["created"] == 2
    hours = (await training.get(HOURS, params={"at_least_hours": 350})).json()
    assert [(each["year"], each["text"]["en"]) for each in hours["items"]] == [(2022, "115 h"), (2023, "≥ 241 h")]
    assert hours["total"] == {
        "minutes": 21360,
        "imported_minutes": 21360,
        "hours": "356.00",
        "qualifier": "lower_bound",
        "text": {"pl": "≥ 356 godz.", "en": "≥ 356 h"},
    }
    assert hours["threshold"] == {
        "at_least_hours": 350,
        "verdict": "met",
        "text": {"pl": "≥ 350 godz.: spełnione", "en": "≥ 350 h: met"},
    }
    more = (await training.get(HOURS, params={"at_least_hours": 357})).json()
    assert more["threshold"]["verdict"] == "undecided"


async def test_hours_are_summed_by_what_is_asked(training: httpx.AsyncClient) -> None:
    programme = (await a_programme(training))["programme"]
    day = "2025-05-01T10:00:00Z"
    await meetings(training, programme, day, 2, minutes=50)
    await meetings(training, programme, day, 1, minutes=50, county="2401")
    await meetings(training, programme, day, 1, minutes=20, role="pupil_screening_coordinator")
    await meetings(training, programme, day, 4, state="planned")
    by_role = (await training.get(HOURS, params={"by": ["audience_role", "county_terc"]})).json()
    assert [(each["audience_role"], each["county_terc"], each["minutes"]) for each in by_role["items"]] == [
        ("early_screening_coordinator", "2401", 50),
        ("early_screening_coordinator", "2469", 100),
        ("pupil_screening_coordinator", "2469", 20),
    ]
    assert "year" not in by_role["items"][0]
    one = (await training.get(HOURS, params={"county_terc": "2469", "by": "programme_id"})).json()
    assert one["items"][0] | {"text": None} == {
        "programme_id": programme,
        "minutes": 120,
        "imported_minutes": 0,
        "hours": "2.00",
        "qualifier": "exact",
        "text": None,
    }
    nothing = (await training.get(HOURS, params={"year": 2001})).json()
    assert (nothing["items"], nothing["total"]["minutes"], nothing["threshold"]) == ([], 0, None)


async def test_a_session_of_new_years_night_is_of_the_polish_year(training: httpx.AsyncClient) -> None:
    programme = (await a_programme(training))["programme"]
    await meetings(training, programme, "2022-12-30T23:30:00Z", 1)
    assert [each["year"] for each in (await training.get(HOURS)).json()["items"]] == [2023]


async def test_sums_go_into_files(racing_training: httpx.AsyncClient) -> None:
    programme = (await a_programme(racing_training))["programme"]
    await meetings(racing_training, programme, "2025-05-01T10:00:00Z", 1, minutes=50)
    file = await racing_training.get(HOURS, params={"format": "csv", "dialect": "excel-pl", "by": ["year"]})
    minutes = "Minuty (minutes);Minuty z innych źródeł (imported_minutes)"
    assert file.content.decode("utf-8-sig").splitlines() == [
        f"Rok (year);{minutes};Godziny (hours);Co najmniej tyle (is_lower_bound)",
        "2025;50;0;0,83;nie",
    ]
    assert (await racing_training.get(HOURS, params={"format": "xlsx"})).content.startswith(b"PK")
    assert (await racing_training.get(HOURS, params={"format": "geojson"})).status_code == 406
