"""The views there are, in the order of the API document."""

from gateway.views.answering import View
from gateway.views.counties import COUNTIES

VIEWS: tuple[View, ...] = (COUNTIES,)
