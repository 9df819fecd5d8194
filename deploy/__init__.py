"""How the platform runs in containers: the image recipe, secrets, and a smoke test of the whole stack."""
