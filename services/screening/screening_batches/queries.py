"""Whether a screening of a batch is recorded already."""

from sqlalchemy import select

from services.chassis.data.work import Reading
from services.screening.screenings.models import Screening
from services.screening.screenings.queries import SCREENINGS, seen_by


async def find_by_external_id(
    reading: Reading, county: str, source: str, external_id: str
) -> Screening | None:
    """What the county has of that source and id and the caller may read, an annulled one too.

    It was recorded, and is not recorded again. Another county may have the same id, and
    nobody here learns of it.
    """
    statement = select(SCREENINGS).where(
        SCREENINGS.c.source == source,
        SCREENINGS.c.external_id == external_id,
        SCREENINGS.c.county_terc == county,
        seen_by(reading.caller),
    )
    row = await reading.find(statement)
    return None if row is None else Screening(**row._mapping)
