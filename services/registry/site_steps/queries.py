"""The records that a step of a site may stand for, on the day of the step."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import FromClause, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading
from services.registry.agreements.queries import list_concluded
from services.registry.agreements.rules import AgreementKind
from services.registry.bodies.queries import list_bodies_of_day
from services.registry.bodies.rules import BodyKind
from services.registry.institutions.models import Institution
from services.registry.institutions.queries import works_on
from services.registry.networks.queries import list_networks_of_day
from services.registry.scope_decisions.queries import find_decision_of_day
from services.registry.site_steps.rules import SOCIAL_EMPLOYMENT_ENTITIES, Thing
from services.registry.sites.queries import LockedSite

_INSTITUTIONS: FromClause = rows_of(Institution)


async def list_things(
    reading: Reading, site: LockedSite, thing: Thing, day: date
) -> Sequence[str]:
    """The addresses of the records that a step of that day may stand for,
    the latest first.
    """
    county, commune = site.county_terc, site.commune_terc
    match thing:
        case Thing.COUNTY_AGREEMENT:
            kind = AgreementKind.COUNTY_AGREEMENT
            return await list_concluded(reading, kind, county, commune, day)
        case Thing.LOCAL_COOPERATION_PACT:
            kind = AgreementKind.LOCAL_COOPERATION_PACT
            return await list_concluded(reading, kind, county, commune, day)
        case Thing.SUPPORT_NETWORK:
            # Also for the site of a commune: only counties have networks.
            return await list_networks_of_day(reading, county, day)
        case Thing.SCOPE_DECISION:
            decision = await find_decision_of_day(reading, site.id, day)
            path = f"sites/{site.id}/scope-decisions"
            return [f"{path}/{decision.id}"] if decision else []
        case Thing.LOCAL_SYNERGY_TEAM:
            kind_of_body = BodyKind.LOCAL_SYNERGY_TEAM
            return await list_bodies_of_day(reading, kind_of_body, str(commune), day)
        case Thing.SOCIAL_EMPLOYMENT_ENTITY:
            return await _list_entities(reading, str(commune), day)


async def _list_entities(reading: Reading, commune: str, day: date) -> list[str]:
    """The addresses of the entities of social employment that worked in a commune on a day.

    An entity whose commune is unknown counts for its whole county.
    """
    # The code of a commune begins with that of its county.
    place = func.coalesce(
        _INSTITUTIONS.c.commune_terc == commune,
        _INSTITUTIONS.c.county_terc == commune[:4],
    )
    of_types = _INSTITUTIONS.c.type.in_(sorted(SOCIAL_EMPLOYMENT_ENTITIES))
    works = works_on(_INSTITUTIONS, day)
    statement = select(_INSTITUTIONS.c.id).where(of_types, place, works)
    latest_first = statement.order_by(
        _INSTITUTIONS.c.opened_on.desc().nulls_last(), _INSTITUTIONS.c.id.desc()
    )
    return [f"institutions/{key}" for key in await reading.scalars(latest_first)]
