"""The archive of the database: backups, and the write-ahead log as it is written. Standard library only; Barman does
the work (docs/decisions/0029-archive-of-the-database.md)."""
