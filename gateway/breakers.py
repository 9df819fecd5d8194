"""The circuit breaker of a replica: when it is shut off, and when it is used again."""

# A service that ends an idle connection just as a request is sent looks like a failure,
# too: one alone proves nothing.
FAILURES_TO_OPEN = 5
FAILED_PROBES_TO_GIVE_UP = 2


class Breaker:
    """Opens after five failures in a row, or after a failed health probe.

    Only a successful probe closes it.
    """

    def __init__(self) -> None:
        self._failures = self._failed_probes = 0
        self.is_open = False
        self.all_failures = 0
        """Since the gateway started."""

    def failed(self) -> None:
        """Count a failure that is the replica's fault."""
        self._failures += 1
        self.all_failures += 1
        if self._failures >= FAILURES_TO_OPEN:
            self.is_open = True

    def succeeded(self) -> None:
        """Note an answer of the replica."""
        # An open breaker stays open: the answer may belong to a request that was sent
        # before it opened.
        self._failures = 0

    def probed(self, *, healthy: bool) -> None:
        """Note a health probe, answered (`healthy`) or not."""
        self.is_open = not healthy
        if healthy:
            self._failures = self._failed_probes = 0
        else:
            self._failed_probes += 1

    @property
    def has_given_up(self) -> bool:
        """Whether two probes in a row failed: pending answers are given up."""
        return self._failed_probes >= FAILED_PROBES_TO_GIVE_UP
