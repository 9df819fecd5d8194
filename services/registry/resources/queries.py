"""What a county has, and what it lacks."""

from datetime import datetime

from services.chassis.access import reaches
from services.chassis.answers import Answer
from services.chassis.callers import Caller
from services.chassis.clock import CIVIL_TIME
from services.chassis.problems import NotFound
from services.chassis.work import Reading
from services.registry.permissions import Permission
from services.registry.resources import rules
from services.registry.resources.schemas import ResourcesRead
from services.registry.support_services.queries import get_county_offer
from services.registry.support_services.rules import DAYS_UNTIL_STALE, stale_since
from services.registry.territories.queries import require_county


async def get_county_resources(
    reading: Reading, caller: Caller, county: str, now: datetime
) -> Answer:
    """The inventory of one county. Another county's is NotFound for whoever may not look there."""
    if not reaches(caller, Permission.READ_RESOURCES, county=county):
        raise NotFound()
    await require_county(reading, county)
    found = await get_county_offer(
        reading,
        county,
        now.astimezone(CIVIL_TIME).date(),
        stale_since(now, DAYS_UNTIL_STALE),
    )
    offer = found.offer or []
    missing = rules.missing_support({(line["sector"], line["kind"]) for line in offer})
    inventory = ResourcesRead.model_validate(
        {
            "county_terc": county,
            "institutions": found.institutions or [],
            "offer": offer,
            "missing": [{"sector": sector, "kind": kind} for sector, kind in missing],
            "stale_after_days": DAYS_UNTIL_STALE,
        }
    )
    return Answer(inventory.model_dump_json(), headers={"cache-control": "no-cache"})
