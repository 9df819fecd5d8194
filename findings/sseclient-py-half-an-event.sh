#!/usr/bin/env bash
# sseclient-py: what a broken connection left of an event is delivered as if it were one.
# Expected: an event ends with an empty line; what comes before the end of a stream without one
#   is thrown away (WHATWG HTML, 9.2.6), and read anew after the reconnection.
# Happens: the piece is delivered with its id. Whoever parses it fails on half a JSON document;
#   whoever remembers the id and resumes after it never sees that event: it is lost, and only then
#   when a connection broke in its midst. Of an event without an id the last one is not told.
# Seen in: sseclient-py 1.9.0; httpx-sse 0.4.3 throws the piece away, and tells the last id.
# So: believe an event's id only when its data could be read, or take a client that keeps to the
#   standard.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check sseclient-py==1.9.0 httpx==0.28.1 httpx-sse==0.4.3
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import httpx
import httpx_sse
import sseclient

WHOLE = b'id: 7\ndata: {"n": 7}\n\ndata: {"n": 8}\n\n'
CUT = b'id: 9\ndata: {"n": 9, "of": [1, 2'


class Stream:
    def __iter__(self):
        yield WHOLE + CUT

    def close(self):
        pass


def answer(_):
    return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=WHOLE + CUT)


one = [(each.id, each.data) for each in sseclient.SSEClient(Stream()).events()]
with httpx.Client(transport=httpx.MockTransport(answer)) as client:
    with httpx_sse.connect_sse(client, "GET", "http://feed.example/") as source:
        other = [(each.id, each.data) for each in source.iter_sse()]
print("sseclient-py", version("sseclient-py"), one)
print("httpx-sse", version("httpx-sse"), other)
assert one[-1] == ("9", '{"n": 9, "of": [1, 2'), "what was cut off is thrown away now"
assert one[1][0] is None, "the last id is remembered now"
assert other == [("7", '{"n": 7}'), ("7", '{"n": 8}')]
PYTHON
