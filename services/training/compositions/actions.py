"""The composition of a programme, counted over all counties."""

from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import AuditedReading
from services.training.compositions import queries
from services.training.compositions.rules import added_up
from services.training.compositions.schemas import CompositionRead, PartsRead
from services.training.peers import find_sites


async def count_composition(
    change: AuditedReading, programme_code: str
) -> CompositionRead:
    """Which groups, locations and teams are complete, and what the others lack.

    Counts alone, which are public: 60 = 6 × 10 = 30 × 2 (source 002), 50 teams of 3 to
    4 (source 003).
    """
    numbers = await queries.get_numbers(change, programme_code)
    per_location, sites = numbers.trainees_per_location, None
    # The registry is asked first, before the transaction writes or locks anything.
    if per_location is not None:
        sites = await find_sites(programme_code)
    locations = teams = None
    # Counts over all counties are public; no row leaves this block.
    async with acting_everywhere(change):
        people = await queries.count_people(change, numbers.id)
        groups = added_up(await queries.list_groups(change, numbers.id))
        if per_location is not None:
            # Without the registry's answer, only locations with people are counted.
            site_ids = sites or frozenset()
            locations = added_up(
                await queries.list_locations(change, numbers.id, per_location, site_ids)
            )
        if numbers.smallest_team is not None and numbers.largest_team is not None:
            sizes = (numbers.smallest_team, numbers.largest_team)
            teams = added_up(await queries.list_teams(change, numbers.id, *sizes))
    parts = [part for part in (groups, locations, teams) if part is not None]
    return CompositionRead(
        programme_code=programme_code,
        people=people,
        groups=PartsRead.model_validate(groups),
        locations=locations and PartsRead.model_validate(locations),
        names_all_locations=sites is not None,
        teams=teams and PartsRead.model_validate(teams),
        # A kind without parts is not complete, although nothing is missing.
        is_complete=all(part.total and not part.incomplete for part in parts),
    )
