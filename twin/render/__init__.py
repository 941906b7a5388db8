"""A scene made visible through VTK."""
