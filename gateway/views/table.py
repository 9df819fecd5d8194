"""All views, in the order of the API document."""

from gateway.views.answering import View
from gateway.views.cases import CASES
from gateway.views.counties import COUNTIES
from gateway.views.days import MY_DAY
from gateway.views.institutions import INSTITUTIONS
from gateway.views.national import NATIONAL
from gateway.views.pilot import PILOT
from gateway.views.programmes import PROGRAMMES

VIEWS: tuple[View, ...] = (
    MY_DAY,
    CASES,
    COUNTIES,
    INSTITUTIONS,
    PROGRAMMES,
    NATIONAL,
    PILOT,
)
