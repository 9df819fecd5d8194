"""Metrics of a service's webhooks."""

from services.chassis.serving.figures import Figure

WEBHOOK_FIGURES = (
    Figure(
        "splot_webhooks_active",
        "Webhooks that are sent events",
        "SELECT count(*) FROM webhooks WHERE state = 'active'",
    ),
    Figure(
        "splot_webhooks_disabled",
        "Webhooks that are disabled, by whomever",
        "SELECT count(*) FROM webhooks WHERE state = 'disabled'",
    ),
    Figure(
        "splot_webhook_deliveries_waiting",
        "Events, tests and replays that were taken up for a receiver and have not arrived",
        "SELECT count(*) FROM webhook_deliveries WHERE state = 'waiting'",
    ),
    Figure(
        "splot_webhooks_failing_oldest_seconds",
        "For how long the active webhook has failed that fails for the longest time",
        """
SELECT extract(epoch FROM now() - min(failing_since)) FROM webhooks WHERE state = 'active'
""",
    ),
)
