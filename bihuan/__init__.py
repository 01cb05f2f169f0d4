"""Bihuan 闭环 makes a city keep its promises.

A governance mechanism is one reviewed text file; one engine runs them all. The tree is the city's own blueprint:
`foundation` holds what a mechanism may say, the ledger and the tables; `computing` follows the ledger and judges;
`portal` is what people see; `academy` is the demo city; `applications` are the packs; `command` is the `bihuan` command.
"""

__version__ = "0.1.0"
