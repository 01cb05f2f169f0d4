"""How long keys and names may be, and how large a number, in every table."""

KEY = 120
NAME = 300

LARGEST = 9 * 10**15
"""The largest stored number, in smallest units: what a 64-bit float still tells apart."""
