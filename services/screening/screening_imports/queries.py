"""Every SELECT that an import needs before its file is read."""

import json
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Text, cast, select

from services.chassis.data.work import Change, Reading
from services.chassis.ground.problems import FieldError, UnknownReference
from services.screening.campaigns.queries import lock_open_campaign
from services.screening.instruments.queries import INSTRUMENTS, VERSIONS
from services.screening.norm_sets.queries import NORM_SETS
from services.screening.problems import CampaignNotFound


async def get_definition_document(
    reading: Reading, code: str, number: int
) -> dict[str, Any]:
    """The whole definition of a version, for the parser only: parts of it may not be shown."""
    joined = VERSIONS.join(INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)
    is_version = (INSTRUMENTS.c.code == code) & (VERSIONS.c.number == number)
    statement = (
        select(cast(VERSIONS.c.definition, Text)).select_from(joined).where(is_version)
    )
    document: dict[str, Any] = json.loads(await reading.scalar(statement))
    return document


class NormDocument(NamedTuple):
    """The code of a norm set and its norms."""

    code: str
    document: dict[str, Any]


async def get_norm_document(reading: Reading, norm_set_id: UUID) -> NormDocument:
    """An existing norm set, for the parser."""
    statement = select(NORM_SETS.c.code, cast(NORM_SETS.c.document, Text))
    code, document = await reading.one(statement.where(NORM_SETS.c.id == norm_set_id))
    return NormDocument(code, json.loads(document))


async def lock_campaign_of_import(change: Change, campaign_id: UUID) -> str | None:
    """The county of an import's campaign, which must be open; None for one of several counties.

    The campaign cannot be closed until the transaction ends. UnknownReference if there
    is none.
    """
    try:
        campaign = await lock_open_campaign(change, campaign_id)
    except CampaignNotFound:
        # Another problem, because here a parameter names the campaign and not the path.
        error = FieldError("parameter", "campaign_id", "not_found")
        raise UnknownReference(error) from None
    county: str | None = campaign.county_terc
    return county
