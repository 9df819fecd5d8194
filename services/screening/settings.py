"""The settings that only screening has."""

from typing import Self

from pydantic import Field, model_validator

from services.chassis.ground.settings import AskingSettings


class ScreeningSettings(AskingSettings):
    """Settings of screening."""

    package_publishers: dict[str, str] = Field(
        default_factory=dict,
        description="JSON object: name of a publisher of instrument packages to its"
        " Ed25519 public key in base64; a package of anybody else is refused"
        " (without any, unsigned ones are taken in development only)",
    )
    registry_url: str | None = Field(
        default=None,
        description="where the registry answers (http, https or unix:PATH):"
        " a screening that names an institution that is registered nowhere is refused;"
        " unset, or while it does not answer, institutions are taken unasked",
    )
    account_id: str | None = Field(
        default=None,
        description="client of the identity provider with the scope registry:read,"
        " to ask the registry as",
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        # Checked at the start, and not when the first screening names an institution.
        self.demand_account("REGISTRY_URL needs", self.registry_url)
        return self
