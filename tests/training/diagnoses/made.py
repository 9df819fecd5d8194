"""Diagnoses that are complete, and that were accepted."""

from typing import Any

import httpx

from services.training.diagnoses.schemas import DIAGNOSIS_EXAMPLE
from tests.training.authorities.made import DECIDER, Work
from tests.training.groups.made import Made


def content(**facts: Any) -> Made:
    """Every section, with two recommendations."""
    second = {"code": "R2", "section": "it_staff", "text": "Drugi etat."}
    return {**DIAGNOSIS_EXAMPLE, "recommendations": [*DIAGNOSIS_EXAMPLE["recommendations"], second], **facts}


async def accepted(client: httpx.AsyncClient, authority: Made, **facts: Any) -> Work:
    """A diagnosis that the team submitted and a training manager accepted."""
    diagnosis = Work(client, authority, "diagnosis")
    await diagnosis.begin(content(**facts))
    await diagnosis.do("submit")
    await diagnosis.do("accept", headers=DECIDER)
    return diagnosis
