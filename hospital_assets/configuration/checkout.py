"""Where the files that ship lie, in a checkout and in an installed package.

A checkout keeps configs, state and lake in its own folder. An installed package brings the configs
along; state and lake lie in the folder in which the process was started.
"""

import sysconfig
from pathlib import Path

_ABOVE_THE_PACKAGE = Path(__file__).resolve().parents[2]
_IS_CHECKOUT = (_ABOVE_THE_PACKAGE / "pyproject.toml").is_file()

# configs/, dagster.yaml, workspace.yaml, requirements.txt and .env.
SHIPPED = (
    _ABOVE_THE_PACKAGE
    if _IS_CHECKOUT
    else Path(sysconfig.get_path("data")) / "share" / "hospital-assets"
)
# What a relative path of the settings is below.
ROOT = _ABOVE_THE_PACKAGE if _IS_CHECKOUT else Path.cwd()
