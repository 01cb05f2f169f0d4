"""Which rows of a register are probably one thing: brought to one form, held against each other, weighed, and explained in words.

`likeness` says what is compared and what agreement weighs, `rows` brings the rows of a register to one form, `pairs` proposes pairs with Splink
on DuckDB, and `reasons` says each of them in a sentence. Nothing here writes anything.
"""
