"""Whether the process in this container is ready: what the health check of an image runs. Standard library only."""

import http.client
import os
import sys


def is_ready() -> bool:
    """Whether the program answers 200 where it tells its state."""
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        connection.request("GET", os.environ.get("HEALTH", "/readyz"))
        return connection.getresponse().status == 200
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(not is_ready())
