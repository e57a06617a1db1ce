"""The scorecard: figures of the hospital beside what is published, derived or chosen for them.

Pure: it is given the records of some days, month by month, keeps of each month what its lines need
(`evidence.py`), and measures. A module a theme holds the measures; the targets stand in
`configs/targets.toml`.
"""
