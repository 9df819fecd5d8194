"""Accounts of guardians and pupils on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.chassis.ground.scalars import Id, QueryFlag
from services.chassis.web.listing import ListQuery


class AccountRead(BaseModel):
    """The account that a person signs in with."""

    id: UUID
    version: int
    county_terc: str
    person_id: UUID
    subject: str = Field(description="how the identity provider names the account")
    joined_at: datetime
    ended_at: datetime | None = Field(
        description="since then it leads to nobody's records"
    )


class AccountList(ListQuery):
    """Filters of accounts."""

    # As many as the largest page: a client can ask for the accounts
    # of all people on a page.
    person_id: list[Id] | None = Field(default=None, max_length=200)
    is_ended: QueryFlag | None = None


class ActsFor(BaseModel):
    """Somebody for whom the caller acts now: a child, or the caller once of age."""

    person_id: UUID
    ends_at: datetime | None = Field(description="until then, where that is known")


class OwnAccount(BaseModel):
    """The person to whom the caller's account belongs, and those for whom it acts now."""

    person_id: UUID | None = Field(
        description="null until a code has joined the account to a person; of several"
        " the one that was joined first"
    )
    person_ids: list[UUID] = Field(
        description="the caller's own records, one of a county at most"
    )
    joined_at: datetime | None
    acts_for: list[ActsFor]
