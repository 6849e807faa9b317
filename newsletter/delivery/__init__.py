"""The sending engine: pure Python, no Django.

Read `sender` first: it claims work from a `Store`, hands messages to a `Transport` and
writes a `journal` from which a killed worker's state is known again.
"""
