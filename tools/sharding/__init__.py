"""What a distribution by county on Citus would take: tables, constraints and statements looked at one by one."""
