"""RaptorQ in numpy: the erasure code of RFC 6330, one source block, one sub-block (spec/floor.md, section 4).

`tables`, `block` and `tuples` are the code itself: numbers, and which intermediate symbols make an encoding symbol.
`matrix` adds what every block must satisfy. `peel` and `plan` solve the system for one set of symbol numbers without
touching data; `replay` does to the data what a plan says. The solution is unique, so whoever solves it, in whatever
order, comes to the same bytes.

Rule 1: `floor.shards` is the one door; nothing else imports these.
Rule 2: HDPC rows are never pivots, and everything else is binary (the code's errata by C. Berner, 2 to 4), so octets
        are multiplied in very few places.
"""
