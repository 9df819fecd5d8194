#!/usr/bin/env bash
# httpx-sse: a line that only moves the place in a stream arrives as an empty message.
# Expected: a block of `id:` without `data:` sets the last event id and is no event (WHATWG HTML,
#   9.2.6: where the data are empty nothing is dispatched). Feeds use it to say "read up to here"
#   where nothing of what happened is for this reader.
# Happens: an event of type "message" with empty data is delivered, and event.json() fails on it.
#   Only readers who may see little of a busy feed meet it.
# Seen in: httpx-sse 0.4.3; sseclient-py 1.9.0 passes over it.
# So: skip events without data, and take their id along.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check httpx==0.28.1 httpx-sse==0.4.3 sseclient-py==1.9.0
"$folder/venv/bin/python" - <<'PYTHON'
import json
from importlib.metadata import version

import httpx
import httpx_sse
import sseclient

STREAM = b': still here\n\nid: 41\ndata: {"n": 41}\n\nid: 57\n\nid: 58\ndata: {"n": 58}\n\n'


class Stream:
    def __iter__(self):
        yield STREAM

    def close(self):
        pass


def answer(_):
    return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=STREAM)


with httpx.Client(transport=httpx.MockTransport(answer)) as client:
    with httpx_sse.connect_sse(client, "GET", "http://feed.example/") as source:
        events = [*source.iter_sse()]
seen = [(each.id, each.event, each.data) for each in events]
print("httpx-sse", version("httpx-sse"), seen)
other = [each.id for each in sseclient.SSEClient(Stream()).events()]
print("sseclient-py", version("sseclient-py"), other)
assert seen[1] == ("57", "message", ""), "an id alone is no message now"
try:
    events[1].json()
    raise SystemExit("an empty message is JSON now")
except json.JSONDecodeError as refused:
    print("event.json():", refused)
assert other == ["41", "58"]
PYTHON
