"""The settings of the gateway, read from the environment."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from services.chassis.ground.settings import IdentitySettings

SERVICES = ("registry", "screening", "casework", "training")


class GatewaySettings(IdentitySettings):
    """Settings of the gateway.

    An upstream is `http://host:port` or `unix:/path/to.sock`; several are replicas. So
    are the addresses of a name, which is looked up again every second.
    """

    registry_upstreams: list[str] = Field(
        default=[], description="JSON list; empty: the service is not deployed"
    )
    screening_upstreams: list[str] = Field(
        default=[], description="JSON list; empty: the service is not deployed"
    )
    casework_upstreams: list[str] = Field(
        default=[], description="JSON list; empty: the service is not deployed"
    )
    training_upstreams: list[str] = Field(
        default=[], description="JSON list; empty: the service is not deployed"
    )
    borders_file: Path | None = Field(
        default=None,
        description="GeoJSON file of counties, by their `terc`, for maps; it may come or"
        " change while the gateway runs",
    )
    issuer_upstream: str | None = Field(
        default=None,
        description="development issuer behind /issuer; never in production",
    )

    deadline_seconds: float = Field(
        default=30, gt=0, le=3600, description="total time of an ordinary request"
    )
    view_seconds: float = Field(
        default=3,
        gt=0,
        le=3600,
        description="after which a view is answered without the parts that are missing",
    )
    transfer_seconds: float = Field(
        default=600,
        gt=0,
        le=3600,
        description="total time of an import upload or an export",
    )
    stream_seconds: float = Field(
        default=3600,
        gt=0,
        le=3600,
        description="longest event stream before it has to be resumed",
    )
    body_seconds: float = Field(
        default=10,
        gt=0,
        le=30,
        description="longest pause inside a request body before 408",
    )
    max_body_bytes: int = Field(
        default=1_048_576, ge=1024, description="largest ordinary request body"
    )
    max_upload_bytes: int = Field(
        default=67_108_864, ge=1024, description="largest imported file"
    )

    max_requests: int = Field(
        default=512,
        ge=1,
        description="requests worked on at once; more get 503 overloaded",
    )
    max_streams: int = Field(
        default=512, ge=1, description="event streams, uploads and exports at once"
    )
    requests_per_second: float | None = Field(
        default=None,
        gt=0,
        description="of one caller, per gateway process;"
        " unset: 200 in production, unlimited elsewhere",
    )
    cors_origins: list[str] = Field(
        default=[], description="JSON list of exact origins whose pages may call"
    )
    trusted_proxies: list[str] = Field(
        default=[],
        description="JSON list of front proxies whose X-Forwarded-For is believed: addresses,"
        " or names whose addresses are asked for every second",
    )

    metrics_address: str | None = Field(
        default=None,
        pattern=r"^(\[[0-9a-f:]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}$",
        description="host:port where Prometheus gets /metrics, which no caller shall reach;"
        " unset: nowhere",
    )

    @model_validator(mode="after")
    def refuse_what_is_unsafe(self) -> Self:
        """ValueError for settings that would open production to development."""
        # It would give anybody the token of a demo caller.
        if self.environment == "production" and self.issuer_upstream:
            raise ValueError(
                "ISSUER_UPSTREAM belongs to development; production has a real identity provider"
            )
        if "*" in self.cors_origins:
            raise ValueError("CORS_ORIGINS names origins; a wildcard is not one")
        return self

    def upstreams(self) -> dict[str, list[str]]:
        """The addresses of every deployed service, by its name."""
        addresses_by_name: dict[str, list[str]] = {
            name: getattr(self, f"{name}_upstreams") for name in SERVICES
        }
        return {
            name: addresses
            for name, addresses in addresses_by_name.items()
            if addresses
        }

    def every_upstream(self) -> dict[str, list[str]]:
        """The same, with the development issuer where there is one."""
        issuer = [self.issuer_upstream] if self.issuer_upstream else []
        return self.upstreams() | ({"issuer": issuer} if issuer else {})

    def caller_rate(self) -> float | None:
        """Requests per second that one caller may make; None for any number."""
        # Elsewhere tests and benchmarks come as few callers with very many requests.
        if self.requests_per_second is None and self.environment == "production":
            return 200.0
        return self.requests_per_second
