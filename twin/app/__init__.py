"""Windows, panels and actions: Qt lives here and nowhere else."""
