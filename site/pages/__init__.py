"""The kernel: pages in two languages, their paths, states and publishing."""
