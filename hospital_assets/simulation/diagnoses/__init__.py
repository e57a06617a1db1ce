"""The diagnoses of stays and visits: main ones, causes, conditions and complications."""
