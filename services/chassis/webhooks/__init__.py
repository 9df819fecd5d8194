"""Webhooks: the events of the feed, sent to subscribers (Standard Webhooks)."""
