"""`python -m tests.reachable URL`: does a PostgreSQL answer there? Exit code 0 if so."""

import sys

import psycopg


def answers(url: str) -> bool:
    """Whether a PostgreSQL at `url` lets us in."""
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


if __name__ == "__main__":
    sys.exit(0 if answers(sys.argv[1]) else 1)
