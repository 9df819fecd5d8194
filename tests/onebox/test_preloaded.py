"""A program that was loaded beforehand leaves out much of what loading makes, and answers as any other."""

import json
import subprocess
import sys
from pathlib import Path

from services.training.main import app

ROOT = Path(__file__).parents[2]
TOLD = """
import json, sys
from onebox.preloaded import load
load("services.training.main:app", [])
from services.training.main import app
from services.training.rooms.schemas import RoomRead
was_built = RoomRead.__pydantic_complete__
import fastapi.routing
from services.chassis.fast.short_way import ShortWay
build, fastapi.routing.get_dependant = fastapi.routing.get_dependant, None
assert ShortWay(app, app).places, "the routes are there, and nothing is built any more"
fastapi.routing.get_dependant = build
print(json.dumps([was_built, "pydantic.v1.main" in sys.modules, app.openapi()]))
"""


def test_what_is_built_later_is_documented_as_ever() -> None:
    ran = subprocess.run([sys.executable, "-c", TOLD], cwd=ROOT, capture_output=True, text=True, check=True)
    was_built, is_old_pydantic_loaded, document = json.loads(ran.stdout)
    assert not was_built
    assert not is_old_pydantic_loaded
    assert document == json.loads(json.dumps(app.openapi()))
    assert ran.stderr == ""
