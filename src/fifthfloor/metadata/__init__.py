"""What files say of themselves: endings, directories of TIFF, Exif, XMP, IPTC, ISO boxes, heads of JPEGs.

Rule 1: one reader for each kind; whoever needs a fact of a photograph gets it here, so that two parts of the program
        never disagree in front of a person. (The publish gate reads JPEGs by its own code: it is a judge.)
Rule 2: bytes in, values out; what is damaged is as if it were absent, nothing raises for bad bytes, and every loop and
        read is bounded.
Rule 3: `blocks.blocks_of` is the one door to what lies in a container, whichever it is. A new container is a module
        with `blocks(read, size_bytes)` and a line in the table of `blocks.py`; who reads captions or facts changes
        nothing.
"""
