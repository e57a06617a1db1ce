"""The groups of assets, numbered so that the page lists them in the order of the story."""

from hospital_assets.registry import Origin

SIMULATION = "1_simulation"
LAKE = "2_lake"
WAREHOUSE = "3_warehouse"
STREAM = "4_stream"
MART = "5_mart"
INSIGHT = "6_insight"

GROUPS = {Origin.EXTRACT: LAKE, Origin.STREAM: STREAM, Origin.MART: MART}
OWNERS = ["team:health-records"]
