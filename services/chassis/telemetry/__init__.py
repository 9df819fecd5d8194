"""What operators see: metrics by kind, never by value, and traces without content."""
