"""SQL of releases."""

from services.chassis.serving.figures import Figure
from services.screening.campaigns.rules.life import RELEASE

# The open campaigns with children whose release is due although no change has started
# it: an hour after the last release if there are new screenings, and once a day for all
# other changes.
DUE_RELEASES = """
SELECT campaign.id
FROM campaigns AS campaign LEFT JOIN LATERAL (
    SELECT max(created_at) AS asked_at FROM jobs
    WHERE requested_by = 'screening' AND kind = $1 AND created_at > now() - interval '1 day'
      AND parameters->>'campaign_id' = CAST(campaign.id AS text)
) AS last ON true
WHERE campaign.state = 'open'
  AND EXISTS (SELECT FROM campaign_subjects WHERE campaign_id = campaign.id)
  AND (asked_at IS NULL OR asked_at < now() - interval '1 hour' AND EXISTS (
      SELECT FROM screenings WHERE campaign_id = campaign.id AND created_at > asked_at))
"""

DUE = Figure(
    "splot_releases_due",
    "Campaigns whose counts are due to be released and whose release is not asked for",
    f"SELECT count(*) FROM ({DUE_RELEASES}) AS due",  # noqa: S608 # made of constants
    (RELEASE,),
    60.0,
)

# Wait until no other release of the campaign $1 runs; advisory locks exist in
# PostgreSQL only.
ONE_RELEASE_AT_A_TIME = """
SELECT pg_advisory_xact_lock(hashtextextended('release ' || CAST($1 AS text), 0))
"""
