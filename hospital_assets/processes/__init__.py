"""Programs that run for long: how they are called, kept running, found and ended."""
