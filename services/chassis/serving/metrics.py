"""The metrics of a service, for Prometheus."""

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.serving.figures import Figures


async def serve_metrics(request: Request) -> Response:
    """All metrics, in the Prometheus text format."""
    state = request.app.state
    # Made at the first scrape: by then there is a database.
    figures = getattr(state, "measured", None)
    if figures is None or figures.database is not state.database:
        figures = state.measured = Figures(state.database, state.figures)
    await figures.look()
    text = generate_latest() + generate_latest(figures.registry)
    return Response(text, headers={"content-type": CONTENT_TYPE_LATEST})
