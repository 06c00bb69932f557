"""The recommendation that fits one screen: what it says, and each way to show it."""
