"""Support events sent many at once, each judged by itself."""
