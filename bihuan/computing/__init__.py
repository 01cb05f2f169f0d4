"""Computing: columns built from the ledger, the engine that runs compiled queries, and the verdicts it reaches.

Everything here can be thrown away and computed again from the ledger.
"""
