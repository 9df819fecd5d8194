"""The number of overdue check-ins in all counties, a metric for operators."""

from services.chassis.serving.figures import Figure

# The figure changes at midnight in Poland; five minutes are often enough.
OVERDUE = Figure(
    "splot_check_ins_overdue",
    "Check-ins that were begun or returned and not handed in by their day",
    """
SELECT count(*) FROM check_ins
WHERE state IN ('draft', 'returned') AND due_on < (now() AT TIME ZONE 'Europe/Warsaw')::date
""",
    seconds=300.0,
)
