"""Disclosure of certificates on the wire."""

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Flag, Wire


class DisclosureChoose(Wire):
    """What the code shows in addition to programme, date, validity and initials."""

    shows_name: Flag
    shows_content: Flag = Field(description="modules, hours and outcomes")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"shows_name": False, "shows_content": True}]}
    )


class CertificateLinkRead(BaseModel):
    """The holder's secret link, which is not shown again."""

    address: str = Field(
        description="whoever has it sees name, modules, hours and outcomes:"
        " kept like a password"
    )
