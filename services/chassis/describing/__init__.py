"""The API document: a service's description of itself, derived from its code."""
