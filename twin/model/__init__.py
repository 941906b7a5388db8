"""The nouns: frozen data that knows nothing of files, screens or windows."""
