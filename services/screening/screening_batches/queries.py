"""Whether a screening of a batch is already recorded."""

from sqlalchemy import select

from services.chassis.data.work import Reading
from services.screening.screenings.models import Screening
from services.screening.screenings.queries import SCREENINGS, is_visible_to


async def find_by_external_id(
    reading: Reading, county: str, source: str, external_id: str
) -> Screening | None:
    """The county's screening with this source and id that the caller may read, also an
    annulled one.

    An annulled screening was recorded and is not recorded again. Another county may
    have the same id, which this query does not reveal.
    """
    statement = select(SCREENINGS).where(
        SCREENINGS.c.source == source,
        SCREENINGS.c.external_id == external_id,
        SCREENINGS.c.county_terc == county,
        is_visible_to(reading.caller),
    )
    row = await reading.find(statement)
    return None if row is None else Screening(**row._mapping)
