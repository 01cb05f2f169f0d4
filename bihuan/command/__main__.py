"""`python -m bihuan.command` is `bihuan`."""

import sys

from bihuan.command import main

sys.exit(main())
