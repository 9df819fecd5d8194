"""The invented clubs of the demo, in the counties of the tests."""

from onebox.demo.clubs import COVERAGES, HEADER, club_reports

COUNTIES = ("2469", "2401", "0619", "0219")
__all__ = ["COVERAGES", "HEADER", "kis_reports"]


def kis_reports() -> bytes:
    """The file of both years."""
    return club_reports(COUNTIES)
