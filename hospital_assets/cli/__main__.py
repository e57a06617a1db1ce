"""`python -m hospital_assets.cli` for where the script `hospital` is not on PATH."""

from hospital_assets.cli import app

app()
