"""Webhooks: the events of the feed, sent to whoever asked for them (Standard Webhooks)."""
