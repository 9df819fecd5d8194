"""Makes the clients in clients/ from docs/openapi.json."""
