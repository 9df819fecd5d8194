"""Import of enrolments: rows are checked one by one, in the file's order."""

from collections.abc import Sequence
from uuid import UUID

from services.chassis.background.jobs import JobRun
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change
from services.chassis.ground import clock
from services.chassis.ground.problems import StateConflict
from services.chassis.transfer.files import RowProblem
from services.chassis.transfer.imports import Import, Merged, reject
from services.chassis.trust.access import own_counties
from services.training.enrolment_imports import queries, rules, statements
from services.training.enrolment_imports.queries import Place
from services.training.enrolments.actions import enter, require_entered
from services.training.groups.queries import get_group_facts, lock_group
from services.training.peers import list_sites
from services.training.permissions import Permission
from services.training.problems import DatesOverlap, NotEligible
from services.training.programmes.rules import EnrolmentRule
from services.training.trainees.models import Trainee
from services.training.trainees.queries import list_trainees_by_id, lock_colleagues


async def _merge(change: Change, run: JobRun) -> Merged:
    """Enrol everybody whom the rules allow; rows of enrolled people change nothing."""
    source, programme = run.parameters["source"], run.parameters["programme_code"]
    own = own_counties(run.caller, Permission.ENROL)
    # First: rows of other counties are not looked up.
    if own is not None:
        await reject(change, statements.OUT_OF_REACH, own)
    await reject(change, statements.UNKNOWN, source, programme)
    places = await queries.list_places(change, source, programme)
    if not places:
        return Merged()
    people = {place.trainee_id for place in places}
    trainees = await list_trainees_by_id(change, people)
    # The registry is called before anything is locked: no lock waits for it.
    sites = await _sites(change, places[0].group_id, trainees)
    async with acting_everywhere(change):
        return await _enter_all(change, run, places, trainees, sites)


async def _sites(
    change: Change, group_id: UUID, trainees: Sequence[Trainee]
) -> frozenset[UUID]:
    """The locations of the programme, if its rule needs them.

    LocationUnchecked where the registry does not answer.
    """
    group = await get_group_facts(change, group_id)
    has_sites = any(each.site_id for each in trainees)
    if (
        group.programme_enrolment_rule != EnrolmentRule.SOCIAL_EMPLOYMENT
        or not has_sites
    ):
        return frozenset()
    # One request for all rows, not one for each person.
    return await list_sites(group.programme_code)


async def _enter_all(
    change: Change,
    run: JobRun,
    places: Sequence[Place],
    trainees: Sequence[Trainee],
    sites: frozenset[UUID],
) -> Merged:
    group_ids = {place.group_id for place in places}
    # All groups, then all people, each sorted: two imports cannot deadlock.
    for group_id in sorted(group_ids):
        await lock_group(change, group_id)
    await lock_colleagues(change, trainees)
    enrolled_pairs = await queries.list_taken(change, group_ids)
    trainees_by_id = {each.id: each for each in trainees}
    problems, created, unchanged = list[tuple[int, str, str]](), 0, 0
    for place in places:
        trainee = trainees_by_id[place.trainee_id]
        if (trainee.id, place.group_id) in enrolled_pairs:
            unchanged += 1
            continue
        row_problems = await _enter(
            change, run, place, trainee, trainee.site_id in sites
        )
        problems += [(place.line, *each) for each in row_problems]
        created += not row_problems
    if problems:
        await reject(
            change, statements.REFUSED, *map(list, zip(*problems, strict=True))
        )
    return Merged(created, 0, unchanged)


async def _enter(
    change: Change, run: JobRun, place: Place, trainee: Trainee, is_site: bool
) -> list[RowProblem]:
    """The problems of a row; empty where the person was enrolled."""
    # Read again for each row: earlier rows may have taken seats.
    group = await lock_group(change, place.group_id)
    try:
        require_entered(group)
        now, job = clock.now(), str(run.id)
        await enter(change, group, trainee, now, is_site=is_site, job=job)
    except StateConflict:
        return [RowProblem("/group_code", "not_open")]
    except DatesOverlap:
        return [RowProblem("/group_code", "dates_overlap")]
    except NotEligible as refusal:
        missing = refusal.members["missing"]
        return [RowProblem("/external_id", str(need)) for need in missing]
    return []


ENROLMENTS_FILE = Import(
    kind="enrolments",
    permission=Permission.ENROL,
    rule=rules.staged_row,
    staging=rules.STAGING,
    merge=_merge,
    fields=rules.FIELDS,
    required=tuple(rules.FIELDS),
    unique=("external_id",),
    # A person may enter several groups of a programme that does not count people.
    unique_within=("county_terc", "group_code"),
    # UTF-8 first: nearly all bytes are valid cp1250.
    encodings=("utf-8", "cp1250"),
    # A bound, since the groups stay locked until the last row is done.
    most_rows=2_000,
)
