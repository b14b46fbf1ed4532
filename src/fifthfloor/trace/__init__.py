"""Finding a photograph again, whatever was done to it: points, hashes, and what differs (`spec/likeness.md`).

Rule 1: pixels and bytes in, values out; paths, clocks and databases are the business of `tasks.trace`.
Rule 2: everything here says "similar". That something is what it was, bit for bit, only a statement can say.
"""
