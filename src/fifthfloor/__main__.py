"""`python -m fifthfloor` is the same as `fifthfloor`."""

from fifthfloor.cli import main

if __name__ == "__main__":
    main()
