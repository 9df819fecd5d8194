"""Members whose rule of inclusion no longer holds, and the notice that they were given."""
