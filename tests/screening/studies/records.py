"""Screenings and results put where studies find them, for what would take long through the API."""

import json
from functools import cache
from typing import Any

import httpx
from sqlalchemy import text

from services.screening.study_exports.rules.files import ExportFile
from services.screening.study_runs.rules.analysis import run_study
from tests.screening.studies.population import Facts, again, definition, screened, stream, task
from tests.support.records import EVERYWHERE, app_of

STUDY: Facts = {
    "name": "Trafność narzędzia próbnego",
    "instrument_code": "PROBA",
    "instrument_version": 1,
    "form_code": "F",
    "scale_code": "total",
    "criterion_source": "uploaded",
    "minimum_n": 10,
}
INSTRUMENT: Facts = {"code": "PROBA", "family": "PROBA", "name": {"pl": "Próba", "en": "Trial"}}

_ALL_COUNTIES = text("SELECT set_config('app.counties', '*', true)")
_SCREENINGS = text("""
INSERT INTO screenings (campaign_id, stage, subject_ref, birth_month, age_months, sex, county_terc, instrument_code,
                        instrument_version, form_code, informant, administered_on, state, answers, result, outcome,
                        created_by)
SELECT CAST(:campaign AS uuid), CAST(:stage AS integer), subject, '2022-01-01', age, sex, county, :instrument,
       1, form, informant, "on", :state, answers, result, outcome, 'somebody'
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given(
    subject uuid, age integer, sex text, county text, form text, informant text, "on" date, answers jsonb, result jsonb,
    outcome text)
""")
_RUN = text("""
INSERT INTO study_runs (study_id, number, n, results, run_by) VALUES (:id, 1, :n, CAST(:results AS jsonb), 'somebody')
""")
_READY = text("UPDATE studies SET state = 'ready', run_number = 1 WHERE id = :id")
_EXPORT = text("""
INSERT INTO study_exports (study_id, rows, group_size, exported_by) VALUES (:id, 1, 10, 'somebody') RETURNING id
""")
_FILE = text("INSERT INTO study_export_files (export_id, name, content) VALUES (:id, :name, 'subject')")

_PROTOCOL = text(
    "INSERT INTO protocols (code, name_pl, name_en) VALUES ('PROBA', 'Próba', 'Trial') ON CONFLICT DO NOTHING"
)
_VERSION = text("""
INSERT INTO protocol_versions (protocol_code, number, stage_one) VALUES ('PROBA', 1, '{}') ON CONFLICT DO NOTHING
""")
_CAMPAIGN = text("""
INSERT INTO campaigns (name_pl, name_en, protocol_code, protocol_version, plan, age_bands)
VALUES ('Próba', 'Trial', 'PROBA', 1, '{}', '{36}') RETURNING id
""")


_IMPLEMENTER = text("""
INSERT INTO campaign_implementers (campaign_id, code, name, added_by) VALUES (:campaign, 'project', 'Projekt', 'test')
""")
_COUNT = text("""
INSERT INTO campaign_counts (campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two, subjects)
VALUES (:campaign, '2469', 'project', 1, 'female', 'negative', 'not_selected', :subjects)
""")
_TOLD = text("""
INSERT INTO told_tables (campaign_id, county_terc, name, counts)
VALUES (:campaign, '2469', 'total', to_jsonb(CAST(:subjects AS integer)))
""")


async def add_campaign(client: httpx.AsyncClient) -> str:
    """A campaign as far as a study asks for one: that it is there."""
    async with app_of(client).state.database.change(EVERYWHERE) as change:
        await change.execute(_PROTOCOL)
        await change.execute(_VERSION)
        return str(await change.scalar(_CAMPAIGN))


async def count_in_campaign(client: httpx.AsyncClient, campaign: str, subjects: int) -> None:
    """So many children of the county counted in a campaign, and told to all."""
    async with app_of(client).state.database.change(EVERYWHERE) as change:
        for statement in (_IMPLEMENTER, _COUNT, _TOLD):
            await change.execute(statement, {"campaign": campaign, "subjects": subjects})


async def add_screenings(
    client: httpx.AsyncClient,
    rows: list[Facts],
    *,
    campaign: str | None = None,
    stage: int | None = None,
    state: str = "scored",
    instrument: str = "PROBA",
) -> None:
    """Screenings of the made-up instrument."""
    values: Facts = {"rows": json.dumps(rows), "campaign": campaign, "stage": stage, "state": state}
    values["instrument"] = instrument
    async with app_of(client).state.database.change(EVERYWHERE) as change:
        await change.execute(_ALL_COUNTIES)
        await change.execute(_SCREENINGS, values)


_ANNUL = text("""
UPDATE screenings SET state = 'annulled', annulling_reason = 'x' WHERE subject_ref = CAST(:child AS uuid)
""")


async def annul(client: httpx.AsyncClient, child: Facts) -> None:
    """Take the screenings of a child back."""
    async with app_of(client).state.database.change() as change:
        await change.execute(_ALL_COUNTIES)
        await change.execute(_ANNUL, {"child": child["subject"]})


@cache
def computed() -> Facts:
    """The results of a study in which every section could be computed."""
    first = screened(200)
    second = [again(one, number) for number, one in enumerate(first[:30])]
    found: Facts = json.loads(run_study(stream(task(definition(), minimum_n=20), [*first, *second])))
    return found


async def make_ready(client: httpx.AsyncClient, study_id: str, results: Facts | None = None) -> str:
    """Results of a study, as its job would have left them, and an export; the id of the export."""
    kept: Any = results or computed()
    async with app_of(client).state.database.change(EVERYWHERE) as change:
        await change.execute(_RUN, {"id": study_id, "n": kept["n"], "results": json.dumps(kept)})
        await change.execute(_READY, {"id": study_id})
        export_id = str(await change.scalar(_EXPORT, {"id": study_id}))
        for name in ExportFile:
            await change.execute(_FILE, {"id": export_id, "name": name.value})
    return export_id
