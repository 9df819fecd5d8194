"""Support of coordinators and local authorities outside sessions."""
