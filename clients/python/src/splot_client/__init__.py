"""Typed client of the Splot platform: pages, retries, ETags, jobs and events."""

from splot_client.answers import Answer, File, Page
from splot_client.changes import change
from splot_client.client import Splot
from splot_client.days import today
from splot_client.events import follow
from splot_client.generated import models
from splot_client.jobs import finished, watch
from splot_client.paging import items
from splot_client.problems import ChangedMeanwhile, ProblemError, Unreachable
from splot_client.sending import Patience

__all__ = [
    "Answer",
    "ChangedMeanwhile",
    "File",
    "Page",
    "Patience",
    "ProblemError",
    "Splot",
    "Unreachable",
    "change",
    "finished",
    "follow",
    "items",
    "models",
    "today",
    "watch",
]
