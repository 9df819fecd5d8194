"""Campaigns: who screens whom, by which protocol, where and by when."""
