"""The first of a list, and names that are shown beside ids."""

from asyncio import Task
from collections.abc import Iterable
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from gateway.views.asking import Asking, Leg, Terms

MOST_SHOWN = 20
# As many ids as the registry takes in one question.
MOST_NAMES = 200
Item = TypeVar("Item", bound=BaseModel)
Model = TypeVar("Model", bound=BaseModel)


def _is_cursor(cursor: Any) -> bool:
    return cursor is not None


class Beginning(BaseModel, Generic[Item]):
    """The first of a list; the rest is to be read at its service."""

    items: list[Item]
    has_more: Annotated[bool, BeforeValidator(_is_cursor)] = Field(
        validation_alias="next_cursor", description="whether more are there"
    )


def ask_for_first(ask: Asking, leg: Leg, model: type[Model]) -> Task[Model | None]:
    """Ask for the beginning of a list."""
    return ask.part(leg._replace(query={"limit": MOST_SHOWN, **leg.query}), model)


class InstitutionName(BaseModel):
    """What an institution is called."""

    id: UUID
    name: str


class InstitutionNames(BaseModel):
    """What institutions are called."""

    items: list[InstitutionName]


async def get_names(
    ask: Asking, ids: Iterable[UUID | None]
) -> list[InstitutionName] | None:
    """What these institutions are called, in the order of their ids."""
    named = sorted({str(each) for each in ids if each is not None})[:MOST_NAMES]
    if not named:
        return []
    query: Terms = {
        "id": named,
        "fields": "id,name",
        "limit": MOST_NAMES,
        "include_closed": "true",
    }
    leg = Leg("institutions", "registry", "/institutions", query, is_reference=True)
    names = await ask.part(leg, InstitutionNames)
    if names is None:
        return None
    return sorted(names.items, key=lambda each: str(each.id))
