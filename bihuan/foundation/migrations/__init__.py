"""The tables, made once. A pack never migrates the database: its fields live in one JSON column of a fixed table."""
