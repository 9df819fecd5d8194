"""The results of a study of these screenings."""

import json
from typing import Any

from services.screening.study_runs.rules.analysis import run_study
from tests.screening.studies.population import Facts, definition, stream, task


def studied(rows: list[Facts], **changes: Any) -> Facts:
    found: Facts = json.loads(run_study(stream(task(definition(), **changes), rows)))
    return found
