"""The same formulas, the same answers, on every engine."""
