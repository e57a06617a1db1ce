"""Who holds which post, who is away, who covers, and who is on duty at a minute."""
