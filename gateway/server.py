"""uvicorn's HTTP protocol as the gateway needs it: guarded, and reading every form of target."""

import httptools

from services.chassis.serving.server import GuardedProtocol

LONGEST_TARGET_READ = 16_384


class PatientProtocol(GuardedProtocol):
    """Reads every form of target.

    A target in absolute form names the host that counts (RFC 9112, 3.2.2). CONNECT is
    refused as a method.
    """

    def on_headers_complete(self) -> None:
        """llhttp: the head is complete."""
        # The rest of a longer target is still refused as too long.
        self.url = self.url[:LONGEST_TARGET_READ]
        if not self.url.startswith(b"/"):
            self._read_unusual_target()
        super().on_headers_complete()

    def _read_unusual_target(self) -> None:
        # It addresses the server as a whole; the guarded protocol refuses it.
        if self.url == b"*":
            return
        if self.parser.get_method() == b"CONNECT":
            # Its target is no path; any will do, since the method itself is refused.
            self.url = b"/"
            return
        host = httptools.parse_url(self.url).host
        others = [(name, value) for name, value in self.headers if name != b"host"]
        self.headers[:] = [*others, (b"host", host or b"")]
