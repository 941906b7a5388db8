"""One open project: commands, undo, jobs, results, one signal."""
