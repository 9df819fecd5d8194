"""Certificates as Open Badges 3.0, and the documents that verifiers need: issuer, keys
and revocations.
"""
