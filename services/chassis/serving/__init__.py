"""Endpoints and what surrounds them: the route class, HEAD, the guard, the API document, the event feed, metrics."""
