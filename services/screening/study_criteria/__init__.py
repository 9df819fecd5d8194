"""Criteria of studies that are uploaded: what another, better assessment says of each child."""
