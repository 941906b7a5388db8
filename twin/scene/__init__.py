"""What should be on the screen: no VTK, no Qt."""
