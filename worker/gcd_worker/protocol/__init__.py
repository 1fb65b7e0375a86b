"""The worker's protocol: lines that are written and read, and the shared page (../../PROTOCOL.md)."""
