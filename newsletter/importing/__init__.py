"""Readers from a CSV file: read, checked row by row, added in batches."""
