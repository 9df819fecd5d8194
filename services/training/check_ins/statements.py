"""Which check-ins are overdue in all counties together: for operators, who see no single one."""

from services.chassis.serving.figures import Figure

# Days pass at midnight in Poland: some minutes change nothing.
OVERDUE = Figure(
    "splot_check_ins_overdue",
    "Check-ins that were begun or returned and not handed in by their day",
    """
SELECT count(*) FROM check_ins
WHERE state IN ('draft', 'returned') AND due_on < (now() AT TIME ZONE 'Europe/Warsaw')::date
""",
    seconds=300.0,
)
