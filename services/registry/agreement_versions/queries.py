"""Every question asked of the texts of agreements."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import json_object
from services.chassis.data.work import Reading, Stored
from services.chassis.web.listing import ItemPage, Listed, ListQuery, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.agreement_versions.models import AgreementVersion
from services.registry.agreement_versions.schemas import AgreementVersionRead
from services.registry.agreements.queries import require_agreement
from services.registry.problems import AgreementVersionNotFound

_TEXTS = rows_of(AgreementVersion)
_WIRE = {name: _TEXTS.c[name] for name in AgreementVersionRead.model_fields}
_NUMBER = _TEXTS.c.number
_LISTING = Listing(_WIRE, {"number": _NUMBER}, "-number", _NUMBER)
BODY = json_object(_WIRE)
"""A text as JSON."""


def text_stored(agreement_id: UUID, number: int, body: str) -> Stored:
    """The answer for a text. A text never changes, so its version is always 1."""
    return Stored(f"{agreement_id}-{number}", 1, body)


async def list_texts(
    reading: Reading, terms: ListTerms, agreement_id: UUID, query: ListQuery
) -> ItemPage:
    """A page of an agreement's texts, the newest first."""
    await require_agreement(reading, agreement_id)
    texts = select(_TEXTS).where(_TEXTS.c.agreement_id == agreement_id)
    return await page_of(reading, terms, query, Listed(_LISTING, texts))


async def get_text(reading: Reading, agreement_id: UUID, number: int) -> Stored:
    """One text of an agreement."""
    await require_agreement(reading, agreement_id)
    is_text = (_TEXTS.c.agreement_id == agreement_id) & (_TEXTS.c.number == number)
    row = await reading.one(select(BODY).where(is_text), AgreementVersionNotFound)
    return text_stored(agreement_id, number, str(row[0]))


class NewestText(NamedTuple):
    """The number of an agreement's newest text, and the first day of its validity."""

    number: int
    valid_from: date


async def find_newest_text(reading: Reading, agreement_id: UUID) -> NewestText | None:
    """An agreement's newest text; None when it has none."""
    statement = select(_NUMBER, _TEXTS.c.valid_from)
    statement = statement.where(_TEXTS.c.agreement_id == agreement_id)
    row = await reading.find(statement.order_by(_NUMBER.desc()).limit(1))
    return None if row is None else NewestText(*row)
