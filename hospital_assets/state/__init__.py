"""What one checkout keeps on its machine between two starts: secrets, ports, locks, arrays."""
