"""The whole life of an installation in containers, lived in some minutes as docs/operations.md says it."""
