"""`bihuan examples`: the worked examples of packs, run on a database in memory that is gone afterwards. Needs no site."""

import argparse
import os
import tempfile
from importlib import import_module

import django
from django.conf import settings


def examples(options: argparse.Namespace) -> int:
    """Run the examples and print which came out; exit code 1 where one did not."""
    with tempfile.TemporaryDirectory(prefix="bihuan-examples-") as home:
        os.environ.update(BIHUAN_HOME=home, BIHUAN_DATABASE="", BIHUAN_DEMO="off", BIHUAN_TODAY="")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
        settings.DATABASES["default"]["NAME"] = ":memory:"
        django.setup()
        # What runs them needs Django's models, which exist only from here on.
        return int(import_module("bihuan.command.worked").run(options))
