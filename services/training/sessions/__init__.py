"""Sessions of groups, and meetings of coordinators."""
