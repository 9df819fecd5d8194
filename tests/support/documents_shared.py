"""The API document of each service is made by one worker of a run and read by the others: to make all takes seconds."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.services import SERVICES, app_called

FOLDER = "SPLOT_TEST_DOCUMENTS"
"""Where the documents of this run are; workers are told by the environment."""


@contextmanager
def folder_of_documents() -> Iterator[None]:
    """A folder for the documents of this run, until its end."""
    with TemporaryDirectory(prefix="splot-documents-") as folder:
        os.environ[FOLDER] = folder
        yield


def share_documents() -> None:
    """From here on every application knows its document, which it has made itself or another worker has."""
    if FOLDER not in os.environ:
        return
    # Each worker begins with another service, and takes what nobody is at before it waits.
    first = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) * 2 % len(SERVICES)
    left = [*SERVICES[first:], *SERVICES[:first]]
    waited_for = [service for service in left if not _shared(service, fcntl.LOCK_EX | fcntl.LOCK_NB)]
    for service in waited_for:
        _shared(service, fcntl.LOCK_EX)


def _shared(service: str, lock: int) -> bool:
    """Whether the document is known now; not where another worker makes it and nobody is to wait."""
    with (Path(os.environ[FOLDER]) / f"{service}.json").open("a+", encoding="utf-8") as kept:
        try:
            fcntl.flock(kept, lock)
        except BlockingIOError:
            return False
        kept.seek(0)
        app, text = app_called(service), kept.read()
        if text:
            app.openapi_schema = json.loads(text)
        else:
            json.dump(app.openapi(), kept)
        return True
