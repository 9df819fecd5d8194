"""Where a write of the load stands in the tables, with its id and the key that it was sent under."""

ROWS = {
    # A person's record is sealed: the key is found by the answer that was kept with it.
    "keep": """
        SELECT person.id::text AS id, coalesce(kept.key, person.id::text) AS key
        FROM casework.people AS person LEFT JOIN (
            SELECT key, substring(header FROM '/people/([0-9a-f-]{36})$') AS made
            FROM casework.idempotency_keys, unnest(headers) AS header
        ) AS kept ON kept.made = person.id::text
    """,
    "train": "SELECT id::text AS id, external_id AS key FROM training.trainees",
    "create": "SELECT id::text AS id, substr(name, length('Poradnia ') + 1) AS key FROM registry.institutions",
    "submit": "SELECT id::text AS id, subject_ref::text AS key FROM screening.screenings",
    "confirm": "SELECT id::text AS id, id::text AS key FROM screening.screenings WHERE state = 'confirmed'",
    "open": "SELECT id::text AS id, person_id::text AS key FROM casework.cases",
    "withdraw": "SELECT id::text AS id, id::text AS key FROM casework.cases WHERE state = 'withdrawn'",
}


def _traces(service: str, action: str, event: str) -> str:
    return f"""
        SELECT (SELECT count(*) FROM {service}.audit_records WHERE action = '{action}') AS audit_records,
               (SELECT count(*) FROM {service}.events WHERE type = '{service}.{event}') AS events
    """


TRACES = {
    "create": _traces("registry", "create_institution", "institution.created"),
    "keep": _traces("casework", "register_person", "person.registered"),
    "train": _traces("training", "register_trainee", "trainee.registered"),
    "submit": _traces("screening", "create_screening", "screening.scored"),
    "confirm": _traces("screening", "confirm_screening", "screening.confirmed"),
    "open": _traces("casework", "open_case", "case.opened"),
    "withdraw": _traces("casework", "withdraw_case", "case.withdrawn"),
}
"""How many audit records and events there are of each: one a row."""
