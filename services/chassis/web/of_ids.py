"""Several rows by their ids: which exist, and which are missing."""

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
    parameter = bindparam(_NAME, ids, ARRAY(Uuid), unique=True)
    return rows.where(key == any_(parameter))


def of_ids(
    rows: Rows, listing: Listing, values: Mapping[str, Any], ids: Sequence[UUID]
) -> tuple[Rows, Mapping[str, Any]]:
    """The shared select of a list with these ids, and the values of its parameters."""
    return _shared(rows, listing), {**values, _NAME: ids}


@lru_cache(maxsize=128)
def _shared(rows: Rows, listing: Listing) -> Rows:
    """Cached for all callers of one shape, as the rows themselves are."""
    parameter = bindparam(_NAME, type_=ARRAY(Uuid), required=False)
    return rows.where(listing.key == any_(parameter))


async def missing_of(
    reading: Reading,
    rows: Rows,
    listing: Listing,
    values: Mapping[str, Any] | None,
    ids: Sequence[UUID],
) -> list[UUID]:
    """The ids that none of the rows has, in the order of the request."""
    # Rows that do not exist, do not match or are not visible look the same.
    keys = rows.with_only_columns(listing.key, maintain_column_froms=True)
    ids_found = {*await reading.scalars(keys.order_by(None), values)}
    return [each for each in dict.fromkeys(ids) if each not in ids_found]
