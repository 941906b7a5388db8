"""Pure functions, arrays in, arrays out, units and sources written down."""
