"""Decisions about many memberships of a network in one request, each judged by itself."""
