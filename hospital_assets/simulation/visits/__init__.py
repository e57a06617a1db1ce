"""Who attends on a day, and with what."""
