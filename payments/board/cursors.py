"""The cursor a tablet comes with: up to which change of the rows it has been told."""

LARGEST = 2**63 - 1


def cursor_of(text: str) -> int:
    """Return the cursor; 0, from the beginning, of anything that is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return 0
    return min(int(text), LARGEST)
