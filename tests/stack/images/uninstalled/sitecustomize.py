"""Lets Python find no package that the image has uninstalled; UNINSTALLED names them."""

import os
import sys

for name in os.environ["UNINSTALLED"].split():
    sys.modules[name] = None  # type: ignore[assignment]
