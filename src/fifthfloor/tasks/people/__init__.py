"""The people in the pictures and the proof of the rest: protect, approve, sign, verify, stamp, identities."""
