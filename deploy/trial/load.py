"""Callers that read and write all the time, and note what went wrong and how long it took. Standard library only."""

import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from deploy.trial.calls import SHOWN, Entrance, token_of

CALLERS = 4
SECONDS_BETWEEN = 0.02
CREATE = "/v1/registry/institutions"
INSTITUTION = {
    "name": "Poradnia na próbę",
    "type": "psych_ped_counselling_centre",
    "county_terc": "2469",
}
WRITES_EVERY = 5


@dataclass
class Noted:
    """What callers saw."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    created: set[str] = field(default_factory=set)

    def percentile(self, part: float) -> float:
        """Milliseconds within which that part of all requests was answered."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[int(part * (len(ordered) - 1))] if ordered else 0.0


class Load:
    """Some callers at once, from `with` to its end."""

    def __init__(self, entrance: Entrance) -> None:
        self.noted = Noted()
        self._entrance = entrance
        self._ends = threading.Event()
        self._tokens = {caller: token_of(entrance, caller) for caller in SHOWN.values()}
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
        host = urlsplit(self._entrance.url).netloc
        trusted = self._entrance.trusted
        connection = http.client.HTTPSConnection(host, timeout=30, context=trusted)
        number = 0
        while not self._ends.wait(SECONDS_BETWEEN):
            number += 1
            begun = time.monotonic()
            try:
                self._one(connection, number)
                self.noted.seconds.append(time.monotonic() - begun)
            except (OSError, http.client.HTTPException) as error:
                self.noted.failed.append(f"{type(error).__name__} on the way")
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
            self.noted.failed.append(f"{method} {path}: {answer.status}")
            return {}
        read: dict[str, Any] = json.loads(content)
        return read
