"""Many screenings in one request, each judged separately."""
