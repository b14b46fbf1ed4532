"""What an officer does: searching cards and laptops, bringing deleted photographs back, scrubbing names.

Law: `audit` and `recover` import neither floor nor carriers, so a clean answer means something.
"""
