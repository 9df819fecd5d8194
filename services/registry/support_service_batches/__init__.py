"""Many support services that somebody has looked at, each verified by itself."""
