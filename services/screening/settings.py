"""What an operator can set of screening alone."""

from typing import Self

from pydantic import Field, SecretStr, model_validator

from services.chassis.ground.settings import ServiceSettings


class ScreeningSettings(ServiceSettings):
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
    oidc_token_url: str | None = Field(
        default=None,
        description="the identity provider's token endpoint"
        " (http, https or unix:PATH:/url), for the account below",
    )
    account_id: str | None = Field(
        default=None,
        description="client of the identity provider with the scope registry:read,"
        " to ask the registry as",
    )
    account_secret: SecretStr | None = Field(
        default=None, description="that client's secret"
    )

    @property
    def account(self) -> tuple[str, str]:
        """The client and its secret."""
        return (
            self.account_id or "",
            self.account_secret.get_secret_value() if self.account_secret else "",
        )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        # At the start, and not when the first screening names an institution.
        if self.registry_url and not (self.oidc_token_url and all(self.account)):
            raise ValueError(
                "REGISTRY_URL needs OIDC_TOKEN_URL, ACCOUNT_ID and ACCOUNT_SECRET"
            )
        return self
