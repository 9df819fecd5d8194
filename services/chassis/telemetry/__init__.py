"""What operators see: numbers by kind, never by value, and traces without what was asked for."""
