"""Callers that read and write all the time, and note what went wrong and how long it took. Standard library only."""

import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from deploy.trial.calls import SHOWN, token_of

CALLERS = 4
SECONDS_BETWEEN = 0.02
CREATE = "/v1/registry/institutions"
INSTITUTION = {
    "name": "Poradnia na próbę",
    "type": "psych_ped_counselling_centre",
    "county_terc": "2469",
}
WRITES_EVERY = 5
# Seconds in which a gateway that is replaced lets go of its callers, and takes them up.
AROUND = 3.0


@dataclass
class Noted:
    """What callers saw."""

    seconds: list[float] = field(default_factory=list)
    failed: list[tuple[float, str]] = field(default_factory=list)
    """When, and what."""
    refused: list[float] = field(default_factory=list)
    """When the gateway itself could not be reached."""
    created: set[str] = field(default_factory=set)

    def percentile(self, part: float) -> float:
        """Milliseconds within which that part of all requests was answered."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[int(part * (len(ordered) - 1))] if ordered else 0.0

    def failures(self) -> list[str]:
        """What failed while the gateway was there."""
        return [what for when, what in self.failed if not self._while_away(when)]

    def _while_away(self, when: float) -> bool:
        """Whether the gateway was ending, away or beginning."""
        if not self.refused:
            return False
        return min(self.refused) - AROUND < when < max(self.refused) + AROUND

    @property
    def away(self) -> float:
        """Seconds from the first to the last refused connection."""
        return max(self.refused) - min(self.refused) if self.refused else 0.0


class Load:
    """Some callers at once, from `with` to its end."""

    def __init__(self, url: str) -> None:
        self.noted = Noted()
        self._url, self._host = url, urlsplit(url).netloc
        self._ends = threading.Event()
        self._tokens = {caller: token_of(url, caller) for caller in SHOWN.values()}
        self._renewed = time.monotonic()
        self._threads = [threading.Thread(target=self._call) for _ in range(CALLERS)]

    def __enter__(self) -> Noted:
        for thread in self._threads:
            thread.start()
        return self.noted

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def _call(self) -> None:
        connection = http.client.HTTPConnection(self._host, timeout=30)
        number = 0
        while not self._ends.wait(SECONDS_BETWEEN):
            number += 1
            begun = time.monotonic()
            try:
                self._one(connection, number)
                self.noted.seconds.append(time.monotonic() - begun)
            except ConnectionRefusedError:
                self.noted.refused.append(begun)
                connection.close()
            except (OSError, http.client.HTTPException) as error:
                self._fail(f"{type(error).__name__} after sending")
                connection.close()

    def _one(self, connection: http.client.HTTPConnection, number: int) -> None:
        path = list(SHOWN)[number % len(SHOWN)]
        headers = {"Authorization": f"Bearer {self._tokens[SHOWN[path]]}"}
        if number % WRITES_EVERY:
            answer = self._answer(connection, "GET", f"{path}?limit=5", headers, None)
        else:
            headers["Authorization"] = f"Bearer {self._tokens[SHOWN[CREATE]]}"
            headers |= {"Idempotency-Key": str(uuid.uuid4())}
            headers |= {"Content-Type": "application/json"}
            body = json.dumps(INSTITUTION)
            answer = self._answer(connection, "POST", CREATE, headers, body)
            if "id" in answer:
                self.noted.created.add(answer["id"])

    def _fail(self, what: str) -> None:
        self.noted.failed.append((time.monotonic(), what))

    def _answer(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        headers: dict[str, str],
        body: str | None,
    ) -> dict[str, Any]:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status >= 400:
            self._fail(f"{method} {path}: {answer.status}")
            return {}
        read: dict[str, Any] = json.loads(content)
        return read
