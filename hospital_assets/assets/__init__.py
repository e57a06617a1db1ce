"""What each asset is: one module a record type, each with its extract in the lake and its table."""

import warnings

import dagster as dg

# Ranges in one run are what makes a backfill fast; that they are in beta is not news in every log.
warnings.filterwarnings("ignore", message=".*backfill_policy.*", category=dg.BetaWarning)
# That a check's result is of a day is a preview.
warnings.filterwarnings(
    "ignore", message=".*partitions_def on an AssetCheckSpec.*", category=dg.PreviewWarning
)
# The page's links to files are in beta too.
warnings.filterwarnings("ignore", message=".*CodeReference.*", category=dg.BetaWarning)
