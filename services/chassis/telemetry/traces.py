"""Whether traces are kept, and by whom; where none are, nothing of theirs is loaded."""

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from services.chassis.telemetry.spans import Spans

# Probes and scrapes come every few seconds: they would bury the others.
QUIET_PATHS = {"/livez", "/readyz", "/metrics"}
KEPT = b"01"
"""The flags of a trace that is kept."""


class Answered(NamedTuple):
    """A request that has ended; `ids`: its trace, its span and its caller's."""

    ids: tuple[str, str, str]
    method: str
    route: str
    status: int
    seconds: float


class _Kept:
    """What keeps the traces of this process."""

    spans: "Spans | None" = None


def spans() -> "Spans | None":
    """What keeps the traces of this process; None where nobody is told of them."""
    return _Kept.spans


def keep(kept: "Spans | None") -> None:
    """Keep traces from now on, or no more."""
    _Kept.spans = kept


def is_collector_named(environment: Mapping[str, str]) -> bool:
    """Whether the standard variables of OpenTelemetry say where traces go."""
    return any(
        name.startswith("OTEL_EXPORTER_OTLP_") and name.endswith("ENDPOINT")
        for name in environment
    )


def set_defaults(program: str, environment: MutableMapping[str, str]) -> None:
    """What OpenTelemetry reads of the environment, where the operator says nothing else."""
    environment.setdefault("OTEL_SERVICE_NAME", f"splot-{program}")
    # Seconds: a collector that is away holds up nobody's stop.
    environment.setdefault("OTEL_EXPORTER_OTLP_TIMEOUT", "2")
