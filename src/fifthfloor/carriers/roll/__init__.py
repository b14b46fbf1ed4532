"""A roll: a folder of ordinary photographs that hold slots in their coefficients (spec/roll-carrier.md).

Rule 1: of a photograph nothing changes but the coded data of its scan; whatever else is in the file stays, byte for
        byte.
Rule 2: what a reader needs to know it works out of what embedding never touches; there is no length and no mark.
"""
