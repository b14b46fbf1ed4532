"""Camera cards: FAT32 and exFAT volumes, bare or inside MBR or GPT, on images and block devices.

Rule 1: this package is the only one that writes to a card. A sweep writes free clusters; only `tidy` and `remove`
        write directories and allocation tables, and are safe at any moment.
Rule 2: nothing read from a card is believed before it is checked; every walk is bounded by the number of clusters.
Rule 3: a card that cannot be understood whole is refused, with the fact, before anything is written.
"""
