"""What people set: the settings of a process, and the hospital that the config files describe."""
