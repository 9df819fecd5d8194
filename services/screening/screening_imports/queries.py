"""What an import has to know before its file is read."""

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
    """The whole definition of a version, for the parser alone: not all of it may be shown."""
    joined = VERSIONS.join(INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)
    this = (INSTRUMENTS.c.code == code) & (VERSIONS.c.number == number)
    statement = (
        select(cast(VERSIONS.c.definition, Text)).select_from(joined).where(this)
    )
    document: dict[str, Any] = json.loads(await reading.scalar(statement))
    return document


class NormDocument(NamedTuple):
    """The code of a norm set and its norms."""

    code: str
    document: dict[str, Any]


async def get_norm_document(reading: Reading, norm_set_id: UUID) -> NormDocument:
    """A norm set that there is, for the parser."""
    statement = select(NORM_SETS.c.code, cast(NORM_SETS.c.document, Text))
    code, document = await reading.one(statement.where(NORM_SETS.c.id == norm_set_id))
    return NormDocument(code, json.loads(document))


async def lock_campaign_of_import(change: Change, campaign_id: UUID) -> str | None:
    """The county of the open campaign that an import names, if it has one.

    It stays open until the transaction ends. UnknownReference without such a campaign.
    """
    try:
        campaign = await lock_open_campaign(change, campaign_id)
    except CampaignNotFound:
        # The campaign is named by a parameter here, and not by the address.
        error = FieldError("parameter", "campaign_id", "not_found")
        raise UnknownReference(error) from None
    county: str | None = campaign.county_terc
    return county
