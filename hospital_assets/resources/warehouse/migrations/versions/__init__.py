"""One migration a module, each after the one that it names."""
