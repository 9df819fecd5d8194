"""Plans: versions, goals and recommendations of support."""
