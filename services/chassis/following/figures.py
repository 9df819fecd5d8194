"""Metrics of the followed feeds."""

from services.chassis.serving.figures import Figure

DEAD_LETTERS_WAITING = Figure(
    "splot_dead_letters_waiting",
    "Followed events that are put aside and not yet carried out",
    "SELECT count(*) FROM dead_letters WHERE replayed_at IS NULL",
)
