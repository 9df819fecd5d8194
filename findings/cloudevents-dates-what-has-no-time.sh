#!/usr/bin/env bash
# cloudevents: an event that came without a time has one after it was read, the reader's own.
# Expected: `time` is optional in CloudEvents 1.0; what a JSON event does not have, the event that
#   was read from it does not have either, and writing it again gives the same event.
# Happens: read() puts in the moment of reading. get_time() looks like the producer's word for
#   when something happened; read twice, the event has two times, and what passes it on sends an
#   attribute that its source never set. A missing time cannot be told from one that was sent.
# Seen in: cloudevents 2.2.0 (cloudevents.core.v1).
# So: look into the JSON before believing get_time(); a producer should always send `time`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cloudevents==2.2.0
"$folder/venv/bin/python" - <<'PYTHON'
import json
from importlib.metadata import version

from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

SENT = {"specversion": "1.0", "id": "17", "source": "/v1/casework", "type": "case.closed"}
form = JSONFormat()
first, second = (form.read(CloudEvent, json.dumps(SENT).encode()) for _ in range(2))
passed_on = json.loads(form.write(first))
print("cloudevents", version("cloudevents"))
print("sent     ", SENT)
print("passed on", passed_on)
print("read twice:", first.get_time().isoformat(), "and", second.get_time().isoformat())
assert "time" in passed_on, "what was not sent stays away now"
assert passed_on | SENT == passed_on
assert first.get_time() < second.get_time()
dated = form.read(CloudEvent, json.dumps(SENT | {"time": "2026-01-02T03:04:05Z"}).encode())
assert dated.get_time().year == 2026 and dated.get_time().day == 2
PYTHON
