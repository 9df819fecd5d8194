"""What an operator can set of screening alone."""

from pydantic import Field

from services.chassis.settings import ServiceSettings


class ScreeningSettings(ServiceSettings):
    """Settings of screening."""

    package_publishers: dict[str, str] = Field(
        default_factory=dict,
        description="JSON object: name of a publisher of instrument packages to its Ed25519 public key in base64;"
        " a package of anybody else is refused (without any, unsigned ones are taken in development only)",
    )
