"""Addresses of the tests' databases."""

from sqlalchemy import make_url


def database_url(cluster: str, name: str) -> str:
    """The same cluster and superuser, another database."""
    return make_url(cluster).set(database=name).render_as_string(hide_password=False)


def app_url(admin_url: str, service: str, password: str) -> str:
    """The same database as a service's application role."""
    return make_url(admin_url).set(username=f"{service}_app", password=password).render_as_string(hide_password=False)
