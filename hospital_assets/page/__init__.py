"""Dagster's web page with a guard around it, `python -m hospital_assets.page`.

Dagster itself runs whatever reaches it: a mutation in a link, from any web page that the user's
browser has open. The guard lets the page's own scripts and local programs through, nothing else.
"""
