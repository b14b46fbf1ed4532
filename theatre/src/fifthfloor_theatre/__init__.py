"""The theatre: the whole trip rehearsed on virtual cards, with photographs that a program draws.

A distribution of its own, which stays at home. It may use every part of `fifthfloor`; nothing there knows of it. Its
words join the others' when it is imported, so that its errors are said like theirs.
"""

from __future__ import annotations

from fifthfloor.words import take_in
from fifthfloor_theatre import words

take_in(words.ERRORS, words.SENTENCES)
