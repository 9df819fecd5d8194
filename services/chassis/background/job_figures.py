"""Metrics of the queue of jobs."""

from services.chassis.serving.figures import Figure

JOB_FIGURES = (
    Figure(
        "splot_jobs_waiting",
        "Jobs that wait for their turn, or for their next attempt",
        "SELECT count(*) FROM pgqueuer WHERE status = 'queued'",
    ),
    Figure(
        "splot_jobs_running",
        "Jobs that are worked on",
        "SELECT count(*) FROM pgqueuer WHERE status = 'picked'",
    ),
    Figure(
        "splot_jobs_waiting_oldest_seconds",
        "Since when the job waits that was asked for first",
        "SELECT extract(epoch FROM now() - min(created)) FROM pgqueuer WHERE status = 'queued'",
    ),
)
