"""The hospital in containers: its secrets, its roles, and the programs that its services run."""
