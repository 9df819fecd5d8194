"""Metrics counted as things happen: by route and kind, never by value."""

from functools import lru_cache

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

# The time at which a counter was created is of no use, and each would be two series.
disable_created_metrics()  # type: ignore[no-untyped-call]
REQUESTS = Counter(
    "splot_requests_total", "Requests answered", ["method", "route", "status"]
)
SECONDS = Histogram(
    "splot_request_seconds",
    "Time to answer",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
UNDER_WAY = Gauge("splot_requests_under_way", "Requests that are being answered")
JOBS = Counter("splot_jobs_total", "Background jobs ended", ["kind", "state"])
DEAD_LETTERS = Counter(
    "splot_dead_letters_total", "Followed events put aside", ["feed"]
)
CAUGHT_UP = Gauge(
    "splot_feed_caught_up_timestamp_seconds",
    "When this process last had all events of a feed that it follows",
    ["feed"],
)
WEBHOOKS = Counter(
    "splot_webhook_attempts_total", "Events sent to receivers", ["outcome"]
)
SEALED = Gauge(
    "splot_audit_sealed_timestamp_seconds", "When the audit trail was last sealed"
)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """One more request answered."""
    answered, took = _counted(method, route, status)
    answered.inc()
    took.observe(seconds)


# `labels` takes a lock and looks up each time: cached, that cost is paid once.
@lru_cache(maxsize=4096)
def _counted(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, route, status), SECONDS.labels(method, route)
