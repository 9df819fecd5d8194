"""Changes of a referral's state, on the wire."""

from pydantic import ConfigDict, Field

from services.casework.referrals.rules import ReferralReason
from services.chassis.ground.scalars import Flag, Id, Instant, Note, Wire


class ReferralEnd(Wire):
    """Why a referral is declined or withdrawn."""

    reason: ReferralReason
    note: Note | None = Field(
        default=None,
        description="needed where the reason is `other`; kept sealed, and not taken"
        " before it is known whom the referral is about",
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "already_supported"}]}
    )


class ReferralSchedule(Wire):
    """The time of the first meeting."""

    scheduled_at: Instant

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"scheduled_at": "2026-12-07T09:30:00+01:00"}]}
    )


class ReferralIdentify(Wire):
    """The person of a referral that came with only a screening's reference."""

    person_id: Id
    # False by default: only a person can state that two references are the same child.
    is_joined: Flag = Field(
        default=False,
        description="the screening was done under a reference that is not this"
        " person's; whoever says so stands for it",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"person_id": "01990000-0000-7000-8000-0000000000c1"}]
        }
    )
