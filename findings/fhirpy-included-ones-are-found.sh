#!/usr/bin/env bash
# fhirpy: what a search brings along is taken for what it found.
# Expected: the documentation says that `fetch` and `fetch_all` return no included resources, and that
#   `get` returns the one resource that matches. In the answer each entry says which it is
#   (`search.mode`: match, include or outcome).
# Happens: `search.mode` is not looked at; only entries of another type are left out. Where both are of
#   one type (a branch and the organization that it is part of) the included one is among the
#   results: a list of branches has their parents in it, and `get` of a search that one resource
#   matches ends in MultipleResourcesFound, while `count` (the server's own total) says 1.
# Seen in: fhirpy 2.3.1.
# So: with include() or revinclude() within one type, read `fetch_raw()` and keep the entries whose
#   `search.mode` is "match".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fhirpy==2.3.1
timeout 60 "$folder/venv/bin/python" - <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from threading import Thread

from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import MultipleResourcesFound

BRANCH = {"resourceType": "Organization", "id": "filia", "partOf": {"reference": "Organization/poradnia"}}
WHOLE = {"resourceType": "Organization", "id": "poradnia", "name": "Poradnia"}
FOUND = {
    "resourceType": "Bundle",
    "type": "searchset",
    "total": 1,
    "entry": [
        {"resource": BRANCH, "search": {"mode": "match"}},
        {"resource": WHOLE, "search": {"mode": "include"}},
    ],
}


class Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps(FOUND).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


server = HTTPServer(("127.0.0.1", 0), Server)
Thread(target=server.serve_forever, daemon=True).start()
client = SyncFHIRClient(f"http://127.0.0.1:{server.server_port}")
branches = client.resources("Organization").search(_id="filia").include("Organization", "partof")

print("fhirpy", version("fhirpy"), "asks", branches)
modes = [(entry["resource"]["id"], entry["search"]["mode"]) for entry in branches.fetch_raw()["entry"]]
fetched, everything = [found.id for found in branches.fetch()], [found.id for found in branches.fetch_all()]
try:
    one = branches.get().id
except MultipleResourcesFound as error:
    one = f"{type(error).__name__}: {error}"
print("the answer:", modes)
print("fetch:", fetched, "fetch_all:", everything, "count:", branches.count())
print("get:", one)
server.shutdown()
assert modes == [("filia", "match"), ("poradnia", "include")]
assert fetched == everything == ["filia", "poradnia"], "included resources are left out now"
assert one.startswith("MultipleResourcesFound"), "the one match is returned now"
PYTHON
