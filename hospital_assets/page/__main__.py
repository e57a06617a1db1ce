"""`python -m hospital_assets.page` serves the page until it is interrupted."""

import typer

from hospital_assets.page.server import serve

typer.run(serve)
