"""`bihuan schema`: print the JSON Schema of packs, for editors."""

from argparse import Namespace

from bihuan.command.outcomes import OK, print_json
from bihuan.foundation.grammar.schema import json_schema


def schema(_options: Namespace) -> int:
    """Print the schema."""
    print_json(json_schema())
    return OK
