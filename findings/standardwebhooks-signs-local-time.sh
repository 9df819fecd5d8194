#!/usr/bin/env bash
# standardwebhooks, svix: a message dated in a zone of its own is signed for another moment.
# Expected: sign(id, timestamp, data) takes a datetime with its zone, and signs the second that
#   webhook-timestamp names, which is the Unix time of that datetime.
# Happens: the zone is thrown away and the wall clock read as UTC. Of 12:00 in Warsaw 12:00 UTC
#   is signed, an hour or two later than it was; a datetime without a zone is read as UTC too,
#   where datetime.timestamp() reads it as local time. The receiver finds no matching signature.
#   In UTC, and so on most servers and in most tests, all is well.
# Seen in: standardwebhooks 1.1.0, svix 2.9.1.
# So: give sign() a datetime in UTC, and make webhook-timestamp from the same one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check standardwebhooks==1.1.0 svix==2.9.1 tzdata==2026.6
"$folder/venv/bin/python" - <<'PYTHON'
import base64
from datetime import UTC, datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo

import standardwebhooks
import svix.webhooks

SECRET = "whsec_" + base64.b64encode(b"twenty-four bytes, random").decode()
BODY = '{"type":"case.closed"}'
warsaw = datetime.now(ZoneInfo("Europe/Warsaw"))
for name, kind in (("standardwebhooks", standardwebhooks.Webhook), ("svix", svix.webhooks.Webhook)):
    webhook, held = kind(SECRET), []
    for moment in (warsaw, warsaw.astimezone(UTC)):
        signature = webhook.sign("msg_1", moment, BODY)
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": signature,
        }
        try:
            webhook.verify(BODY, headers)
            held.append(True)
        except Exception as refused:
            print(name, version(name), moment.isoformat(timespec="seconds"), "->", refused)
            held.append(False)
    as_utc = warsaw.replace(tzinfo=UTC)
    assert webhook.sign("msg_1", warsaw, BODY) == webhook.sign("msg_1", as_utc, BODY), "the zone counts now"
    assert held == [False, True], held
    print(name, version(name), "the same moment in UTC is verified")
PYTHON
