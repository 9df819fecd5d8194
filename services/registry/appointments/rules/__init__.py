"""Decisions about appointments: who may be appointed when, and which days have gaps."""
