"""Who holds which post, and who is on duty."""
