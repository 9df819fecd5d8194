"""Erasure of trainees on request: they are still counted, without identity."""
