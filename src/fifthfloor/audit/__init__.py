"""What a search would find, worked out without any key.

Rule 1: this package never sees a key. It imports neither `floor` nor `carriers` nor any cryptography but plain hashes
        (`tests/test_layers.py`); if you need one here, the design is wrong.
Rule 2: what it says of a wiped card and of a card that hides something is the same.
Rule 3: it never writes to what it audits, and every byte it reads may be hostile: bounded steps, bounded memory.
Rule 4: a finding is a key and its facts; the sentences live in `fifthfloor.words.finding`.
"""
