"""The problem that only the gateway has; its others are in the chassis's catalogue."""

from services.chassis.ground.problems import Problem


class ExpectationFailed(Problem):
    """Only `Expect: 100-continue` is understood."""

    status, title_pl = 417, "Obsługiwane jest tylko `Expect: 100-continue`"
