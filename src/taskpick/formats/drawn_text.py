"""Text within pictures, for Mermaid and SVG: whatever it holds, it is shown and does nothing."""

from __future__ import annotations

from taskpick.wording import printable


def in_mermaid(text: str) -> str:
    """Everything but letters, digits and harmless marks as a character code."""
    return "".join(
        char if char.isalnum() or char in " .,:?!()/+-_'" else f"#{ord(char)};"
        for char in printable(text, "")
    )


def in_xml(text: str) -> str:
    """As the content of an element; it is not for attributes."""
    return printable(text, "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
