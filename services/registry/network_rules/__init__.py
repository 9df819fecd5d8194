"""Rules by which a network takes institutions in and lets them go."""
