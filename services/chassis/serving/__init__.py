"""Endpoints and what surrounds them: routes, HEAD, guard, document, feed, metrics."""
