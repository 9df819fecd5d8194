"""W5t: lists of a county's and a group's enrolments and trainees, of 100,000 people in 10,000 groups of ten.

One county has a fifth of all. A list with names is an access that is in the audit log before the answer, here and in
pgbench's transaction; pgbench runs the same queries under the same row-level security.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from bench.figures import Bar, Row
from bench.load import Load
from bench.operations import Transaction, beside, share_row
from bench.options import Options
from bench.progress import Progress
from bench.seats import measure_races
from bench.stand import TRAINING, Service, Stand

PEOPLE, LEAST_PEOPLE, GROUP = 100_000, 1_000, 10
COUNTY, ROLE = "2469", "training_manager"
PAGE, GROUPS = 50, 200
CLIENTS = (1, 8)
SHARE = Bar("share", at_least=0.5)
PROGRAMME = """
INSERT INTO programmes (code, title_pl, title_en, client, contractor, enrolment_rule, starts_on, ends_on)
VALUES ('BENCH', 'Szkolenie', 'Training', 'Zamawiający', 'Wykonawca', 'open', '2022-01-01', '2099-12-31');
INSERT INTO programme_versions (programme_id, number, state, group_capacity, attendance_percent,
    client_agreed_at, client_agreed_by, contractor_agreed_at, contractor_agreed_by)
SELECT id, 1, 'agreed', {group}, 80, now(), 'a', now(), 'b' FROM programmes
"""
TRAINEES = """
INSERT INTO trainees (county_terc, given_name, family_name, sex, organisation_type, organisation_name, relation,
    created_at)
SELECT CASE WHEN n % 5 = 0 THEN '{county}'
            ELSE to_char(2 * (1 + n % 16), 'FM00') || to_char(1 + n / 16 % 24, 'FM00') END,
       'Imię', 'Zmyślone-' || n, CASE WHEN n % 13 < 7 THEN 'female' ELSE 'male' END, 'cis', 'Centrum', 'employee',
       TIMESTAMPTZ '2025-01-03' + n * INTERVAL '1 second'
FROM generate_series(1, {people}) AS n
"""
# Trainees are taken ten by ten in the order of their counties, so that a group belongs to one county.
_GROUPS = """
INSERT INTO groups (county_terc, programme_version_id, code, title, capacity, seats_taken, state, starts_on, ends_on)
SELECT min(county_terc), (SELECT id FROM programme_versions), 'G' || place, 'Grupa', {group}, count(*), 'open',
       '2026-01-12', '2026-06-26'
FROM (SELECT county_terc, (row_number() OVER (ORDER BY county_terc, id) - 1) / {group} AS place FROM trainees) AS people
GROUP BY place
"""
_ENROLMENTS = """
INSERT INTO enrolments (county_terc, group_id, trainee_id, state, accepted_at, created_at)
SELECT people.county_terc, groups.id, people.id, 'accepted', now(), people.created_at
FROM (SELECT id, county_terc, created_at, (row_number() OVER (ORDER BY county_terc, id) - 1) / {group} AS place
      FROM trainees) AS people
JOIN groups ON groups.code = 'G' || place
"""
_ENROLMENT = (
    "id, version, county_terc, group_id, trainee_id, state, sequence, is_preferred, preference, preference_source,"
    " accepted_at, ended_at, reason, created_at, changed_at"
)
_MEMBER = ", ".join(f"enrolments.{name}" for name in _ENROLMENT.split(", "))
_TRAINEE = (
    "id, version, county_terc, given_name, family_name, sex, organisation_type, organisation_name, relation, site_id,"
    " authority_id, target_group, audience_role, erased_at, changed_at"
)
_NEWEST = "ORDER BY created_at DESC, id DESC LIMIT {page}"
_ONE_ID = "(CAST('{{{ids}}}' AS uuid[]))[CAST(:number AS integer)]"
_SCOPE = (
    f"SELECT set_config('app.counties', '{COUNTY}', true), set_config('app.institution', '', true),"
    " set_config('app.subject', '', true);"
)
_LIST = "SELECT json_build_object('items', coalesce(json_agg(item), '[]')) FROM ({rows}) AS item;"
_RECORD = """
INSERT INTO audit_records (actor, action, subject, outcome, county_terc, detail, trace_id)
SELECT 'bench', 'look', 'people', 'done', NULL, jsonb_build_object('people', jsonb_agg(person)), repeat('0', 32)
FROM ({rows}) AS seen;
"""


@dataclass(frozen=True)
class Case:
    """The same query for both sides; `people` selects the ids of the people whose names the list shows."""

    title: str
    paths: Sequence[str]
    rows: str
    people: str = ""
    variables: str = ""

    @property
    def transaction(self) -> Transaction:
        """All statements in one round trip, which makes them one transaction."""
        record = _RECORD.format(rows=self.people) if self.people else ""
        parts = ["\\startpipeline", _SCOPE, _LIST.format(rows=self.rows), record, "\\endpipeline"]
        return Transaction(self.variables + "\n".join(part for part in parts if part) + "\n")


async def measure_enrolments(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W5t, as they are measured."""
    people = max(options.amount(PEOPLE), LEAST_PEOPLE)
    with progress.task(f"W5t: training starts, {people:,} people are filled"):
        training = await stand.start(TRAINING)
        await _fill(training, people)
    for case in [*_of_county(), *await _of_groups(training)]:
        for clients in CLIENTS:
            title = f"{case.title} of {people:,}, {clients} client{'s' * (clients > 1)}"
            headers = stand.headers(ROLE, counties=[COUNTY])
            load = Load(training.port, case.paths, headers, clients, options.seconds)
            samples = await beside(training, options, progress, f"W5t: {title}", load, case.transaction)
            yield share_row("W5t", title, clients, samples, (SHARE,))
    async for row in measure_races(training, options, progress, ROLE):
        yield row


async def _fill(training: Service, people: int) -> None:
    values = {"county": COUNTY, "people": people, "group": GROUP}
    await training.sql(*[sql.format(**values) for sql in (PROGRAMME, TRAINEES, _GROUPS, _ENROLMENTS)])
    await training.sql(*[f"VACUUM (ANALYZE) {name}" for name in ("trainees", "groups", "enrolments")], "CHECKPOINT")


def _of_county() -> list[Case]:
    newest, where = _NEWEST.format(page=PAGE), f"WHERE county_terc = '{COUNTY}'"
    enrolments = f"SELECT {_ENROLMENT} FROM enrolments {where} {newest}"
    trainees = f"SELECT {_TRAINEE} FROM trainees {where} {newest}"
    people = f"SELECT id AS person FROM trainees {where} {newest}"
    return [
        Case("enrolments of a county", [f"/v1/training/enrolments?limit={PAGE}"], enrolments),
        Case("trainees of a county", [f"/v1/training/trainees?limit={PAGE}"], trainees, people),
    ]


async def _of_groups(training: Service) -> list[Case]:
    """Groups of the county, different ones in turn: without names, and with."""
    query = f"SELECT id FROM groups WHERE county_terc = '{COUNTY}' ORDER BY md5(code) LIMIT {GROUPS}"
    ids = [str(row["id"]) for row in await training.fetch(query)]
    of_group = f"enrolments.county_terc = '{COUNTY}' AND group_id = {_ONE_ID.format(ids=','.join(ids))}"
    plain = f"SELECT {_ENROLMENT} FROM enrolments WHERE {of_group} {_NEWEST.format(page=PAGE)}"
    joined = f"FROM enrolments JOIN trainees ON trainees.id = trainee_id WHERE {of_group}"
    order = f"ORDER BY is_preferred DESC, sequence LIMIT {PAGE}"
    with_names = f"SELECT {_MEMBER}, given_name, family_name, organisation_name {joined} {order}"
    people = f"SELECT trainee_id AS person {joined} {order}"
    paths = [f"/v1/training/enrolments?limit={PAGE}&group_id={group}" for group in ids]
    members = [f"/v1/training/groups/{group}/enrolments?limit={PAGE}" for group in ids]
    variables = f"\\set number random(1, {len(ids)})\n"
    return [
        Case("enrolments of a group", paths, plain, variables=variables),
        Case("a group with names", members, with_names, people, variables),
    ]
