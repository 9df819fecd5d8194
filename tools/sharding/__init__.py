"""What a distribution by county on Citus would need: a check of tables, constraints and statements."""
