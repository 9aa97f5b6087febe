"""Rules about a whole file: one generator of diagnostics each."""
