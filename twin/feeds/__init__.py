"""Live sources to model."""
