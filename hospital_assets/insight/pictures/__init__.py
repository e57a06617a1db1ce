"""Pictures of the hospital: charts of figures, and how they become files."""
