"""Whether traces are kept, and by what; where none are, OpenTelemetry is not loaded."""

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from services.chassis.telemetry.spans import Spans

# Probes and scrapes come every few seconds: they would bury the others.
QUIET_PATHS = {"/livez", "/readyz", "/metrics"}
SAMPLED = b"01"
"""The flags of a trace that is kept."""


class Answered(NamedTuple):
    """A request that has ended; `ids`: its trace, its span and its caller's."""

    ids: tuple[str, str, str]
    method: str
    route: str
    status: int
    seconds: float


class _Process:
    """The maker of spans of this process."""

    spans: "Spans | None" = None


def spans() -> "Spans | None":
    """The maker of spans of this process; None if traces are not kept."""
    return _Process.spans


def keep(maker: "Spans | None") -> None:
    """Keep traces from now on, or no more."""
    _Process.spans = maker


def is_collector_named(environment: Mapping[str, str]) -> bool:
    """Whether the standard variables of OpenTelemetry name a collector."""
    return any(
        name.startswith("OTEL_EXPORTER_OTLP_") and name.endswith("ENDPOINT")
        for name in environment
    )


def set_defaults(program: str, environment: MutableMapping[str, str]) -> None:
    """Defaults of OpenTelemetry's variables, where the operator sets nothing else."""
    environment.setdefault("OTEL_SERVICE_NAME", f"splot-{program}")
    # Seconds: an absent collector holds up no stop.
    environment.setdefault("OTEL_EXPORTER_OTLP_TIMEOUT", "2")
