"""Who reads the numbers of campaigns, and all that there is to read."""

from services.screening.campaign_releases.rules.tables import TableName
from tests.support.callers import call_as

COORDINATOR = call_as("pupil_screening_coordinator")
"""Of county 2469."""


OUTSIDERS = {
    "programme manager": call_as("programme_manager", counties=["*"]),
    "researcher": call_as("researcher"),
    "screener there": call_as("screener"),
    "county coordinator there": call_as("county_coordinator"),
    "coordinator elsewhere": call_as("pupil_screening_coordinator", counties=["0219"]),
}


OUTSIDER = OUTSIDERS["researcher"]
EVERYTHING = [table.value for table in TableName]
