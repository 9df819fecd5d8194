"""Certificates as Open Badges 3.0, and what verifiers of others need: issuer, keys, revocations."""
