"""Overdue tasks of all counties together, for operators, who do not see single tasks."""

from services.casework.break_glass.rules import REVIEWED_WITHIN
from services.chassis.serving.figures import Figure

# Counts by day: a delay of some minutes does not matter.
_SECONDS = 300.0

OVERDUE = (
    Figure(
        "splot_referrals_overdue",
        "Open referrals whose day has passed",
        """
SELECT count(*) FROM referrals
WHERE closed_at IS NULL AND due_on < (now() AT TIME ZONE 'Europe/Warsaw')::date
""",
        seconds=_SECONDS,
    ),
    Figure(
        "splot_plan_steps_overdue",
        "Planned steps of active plans whose day has passed",
        """
SELECT count(*) FROM plan_steps JOIN plans ON plans.id = plan_id
WHERE plan_steps.state = 'planned' AND plans.state = 'active'
  AND due_on < (now() AT TIME ZONE 'Europe/Warsaw')::date
""",
        seconds=_SECONDS,
    ),
    Figure(
        "splot_data_subject_requests_overdue",
        "Requests of data subjects that were not answered by their day",
        """
SELECT count(*) FROM data_subject_requests
WHERE ended_on IS NULL AND due_on < (now() AT TIME ZONE 'Europe/Warsaw')::date
""",
        seconds=_SECONDS,
    ),
    Figure(
        "splot_break_glass_overdue",
        "Emergency accesses that nobody has reviewed in time",
        "SELECT count(*) FROM break_glass WHERE reviewed_at IS NULL AND opened_at < now() - $1::interval",
        (REVIEWED_WITHIN,),
        _SECONDS,
    ),
)
