"""One SQLite library for every process: the one shipped with pysqlite3, not the one the system happens to carry.

SQLite before 3.51.3 can lose a committed write when two connections reset the write-ahead log at the same moment
(the release notes of 3.51.3 name it), and most systems still carry an older one. `bihuan.settings` calls
`use_shipped_library` before Django loads a database backend, so that every command, test and server is covered.
"""

import sys

import pysqlite3

NEEDED = (3, 51, 3)

OPENING = (
    "PRAGMA journal_mode=WAL;"  # readers never wait for the writer
    "PRAGMA synchronous=FULL;"  # a commit that was answered survives a power cut
    "PRAGMA foreign_keys=ON;"
    "PRAGMA mmap_size=0;"  # a failing disk gives an error we can report, not a killed process
    "PRAGMA secure_delete=ON;"  # an erased name is overwritten on the disk
    "PRAGMA journal_size_limit=67108864;"
)


def use_shipped_library() -> None:
    """Make `import sqlite3` mean the shipped library from now on."""
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def version() -> tuple[int, ...]:
    """The version of the library in use, as numbers: (3, 51, 3)."""
    return tuple(int(part) for part in pysqlite3.sqlite_version.split("."))
