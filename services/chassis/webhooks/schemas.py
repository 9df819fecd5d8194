"""The wire models of webhooks and their deliveries."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.chassis.ground.scalars import Count, Line, Wire
from services.chassis.web.listing import ListQuery

State = Literal["active", "disabled", "revoked"]
DeliveryState = Literal["waiting", "delivered", "failed", "withheld"]
Kind = Literal["event", "replay", "test"]
EventType = Annotated[
    str,
    StringConstraints(
        strict=True,
        pattern=r"^[a-z]{1,40}(\.[a-z][a-z0-9-]{0,60}){1,3}$",
        max_length=100,
    ),
]
Receiver = Annotated[
    Line,
    Field(
        min_length=10,
        max_length=2000,
        description="where events are sent: an https address with a public name,"
        " port 443 or from 1024 on; no redirect is followed",
    ),
]
Types = Annotated[
    list[EventType],
    Field(max_length=50, description="only these types; without any, every type"),
]


class WebhookCreate(Wire):
    """Where events are sent, and which ones."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"url": "https://hooks.example.org/splot", "types": []}]
        }
    )

    url: Receiver
    types: Types = Field(default_factory=list)


class WebhookUpdate(Wire):
    """The fields of a webhook that change."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": "https://hooks.example.org/events"}]}
    )

    url: Receiver | None = Field(default=None, description="where messages go now")
    types: Types | None = Field(default=None, description="types of events to be told")

    @model_validator(mode="after")
    def _is_no_null(self) -> "WebhookUpdate":
        # Absent differs from null, which would leave no address to send to.
        if any(getattr(self, name) is None for name in self.model_fields_set):
            raise ValueError("null is no value of these fields")
        return self


class SecretRotation(Wire):
    """How long the former secret stays valid beside the new one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"keep_hours": 24}]})

    keep_hours: Annotated[
        Count, Field(le=168, description="0: the secret of before ends at once")
    ] = 24


class ReplayAsked(Wire):
    """The place in the feed after which everything is sent again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"after": "0"}]})

    after: Annotated[
        Line,
        Field(
            min_length=1,
            max_length=100,
            description="a `next_cursor` of the event feed, read without `type` and"
            " with the same rights; 0 from the beginning",
        ),
    ]


class WebhookRead(BaseModel):
    """A webhook, without its secret."""

    id: UUID
    version: int
    owner: str = Field(description="the account that made it")
    url: str | None = Field(
        description="told to the owner alone, for there may be a secret in it"
    )
    types: list[str] = Field(description="only these are sent; empty: every type")
    state: State = Field(description="whether anything is sent")
    reason: (
        Literal["gone", "failing", "rights_ended", "by_owner", "by_operator"] | None
    ) = Field(description="why it is disabled")
    failing_since: datetime | None = Field(
        description="since when no attempt succeeds; after three days it is disabled"
    )
    rights_until: datetime = Field(
        description="so long the rights of the token last presented here count;"
        " `renew` presents another one"
    )
    earlier_secret_until: datetime | None = Field(
        description="so long the secret of before signs as well"
    )
    created_at: datetime
    changed_at: datetime


class WebhookWithSecret(WebhookRead):
    """A webhook with its secret, which is not shown again."""

    secret: str = Field(
        description="`whsec_…`: what receivers' libraries for Standard Webhooks take"
    )


class DeliveryRead(BaseModel):
    """The state of sending an event; never its content."""

    id: UUID
    version: int
    kind: Kind = Field(description="in its turn, sent once more, or a test")
    event_id: UUID = Field(description="the `webhook-id` that the receiver was told")
    type: str = Field(description="of the event")
    state: DeliveryState = Field(
        description="`failed`: put aside, it can be replayed; `withheld`: not sent,"
        " because the owner may no longer see it or began anew"
    )
    attempts: int = Field(description="how often it was sent")
    status: int | None = Field(description="of the last answer")
    fault: str | None = Field(
        description="of the last attempt: `timeout`, `connection_failed`, `tls_failed`,"
        " `address_refused`, `redirected`, `refused`"
    )
    attempted_at: datetime | None = Field(description="when it was sent last")
    delivered_at: datetime | None = Field(description="when the receiver took it")
    created_at: datetime = Field(description="when it was its turn")


class DeliveryList(ListQuery):
    """Filters of the list of deliveries."""

    state: DeliveryState | None = Field(default=None, description="only in this state")
    kind: Kind | None = Field(default=None, description="only of this kind")
