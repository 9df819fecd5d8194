"""The beginnings of lists, and names that are shown beside ids."""

from asyncio import Task
from collections.abc import Iterable
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from gateway.views.asking import Asking, Leg, Terms

MOST_SHOWN = 20
# As many ids as the registry takes in one request.
MOST_NAMES = 200
Item = TypeVar("Item", bound=BaseModel)
Model = TypeVar("Model", bound=BaseModel)


def _is_cursor(cursor: Any) -> bool:
    return cursor is not None


class Beginning(BaseModel, Generic[Item]):
    """The first items of a list; the rest can be read at its service."""

    items: list[Item]
    has_more: Annotated[bool, BeforeValidator(_is_cursor)] = Field(
        validation_alias="next_cursor", description="whether more are there"
    )


class Paged(BaseModel, Generic[Item]):
    """A page of a list that is needed as a whole."""

    items: list[Item]
    next_cursor: str | None = None


PageOf = TypeVar("PageOf", bound=Paged[Any])


async def get_whole(ask: Asking, leg: Leg, model: type[PageOf]) -> PageOf:
    """All pages of a list as one: a sum over the first would look like the total."""
    page = await ask.get(leg, model)
    items = [*page.items]
    while page.next_cursor is not None:
        query = {**leg.query, "cursor": page.next_cursor}
        page = await ask.get(leg._replace(query=query), model)
        items += page.items
    return page.model_copy(update={"items": items})


def ask_for_first(ask: Asking, leg: Leg, model: type[Model]) -> Task[Model | None]:
    """Request the beginning of a list."""
    return ask.part(leg._replace(query={"limit": MOST_SHOWN, **leg.query}), model)


class InstitutionName(BaseModel):
    """The name of an institution."""

    id: UUID
    name: str


class InstitutionNames(BaseModel):
    """The names of institutions."""

    items: list[InstitutionName]


async def get_names(
    ask: Asking, ids: Iterable[UUID | None]
) -> list[InstitutionName] | None:
    """The names of these institutions, in the order of their ids."""
    sorted_ids = sorted({str(each) for each in ids if each is not None})[:MOST_NAMES]
    if not sorted_ids:
        return []
    query: Terms = {
        "id": sorted_ids,
        "fields": "id,name",
        "limit": MOST_NAMES,
        "include_closed": "true",
    }
    leg = Leg("institutions", "registry", "/institutions", query, is_reference=True)
    names = await ask.part(leg, InstitutionNames)
    if names is None:
        return None
    return sorted(names.items, key=lambda each: str(each.id))
