"""Several things at once, by their ids: what is there of them, and what is missing."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY

from services.chassis.data.work import Reading, Rows
from services.chassis.web.pages import Listing

_NAME = "asked_ids"


def having(rows: Rows, key: ColumnElement[Any], ids: Sequence[UUID]) -> Rows:
    """The rows with these keys."""
    given = bindparam(_NAME, ids, ARRAY(Uuid), unique=True)
    return rows.where(key == any_(given))


def of_ids(
    rows: Rows, listing: Listing, values: Mapping[str, Any], ids: Sequence[UUID]
) -> tuple[Rows, Mapping[str, Any]]:
    """The kept rows of a list with these ids, and the values of their parameters."""
    return _kept(rows, listing), {**values, _NAME: ids}


@lru_cache(maxsize=128)
def _kept(rows: Rows, listing: Listing) -> Rows:
    """Made once for all who ask alike, as the rows themselves are."""
    given = bindparam(_NAME, type_=ARRAY(Uuid), required=False)
    return rows.where(listing.key == any_(given))


async def missing_of(
    reading: Reading,
    rows: Rows,
    listing: Listing,
    values: Mapping[str, Any] | None,
    ids: Sequence[UUID],
) -> list[UUID]:
    """The ids that none of the rows has, in the order in which they were asked for."""
    # Whether they are elsewhere, or for others alone, is not told apart.
    keys = rows.with_only_columns(listing.key, maintain_column_froms=True)
    found = {*await reading.scalars(keys.order_by(None), values)}
    return [each for each in dict.fromkeys(ids) if each not in found]
