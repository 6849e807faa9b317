"""What Pregón is measured by; see docs/benchmarks.md."""
