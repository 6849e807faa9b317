"""How fast issues are mailed, beside others: `make bench-mail`, `python -m bench.mail`.

`sink.c` counts what arrives and `limit.c` sends as fast as can be; `inside` runs in our
site's processes, `peers` in those of the others. See docs/benchmarks.md.
"""
