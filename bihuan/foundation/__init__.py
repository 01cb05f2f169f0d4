"""The foundation: the fixed set of tables, the append-only ledger, the one door for writes and the one for guarded reads.

It never calls computing. It appends events; computing follows them.
"""
