"""The worker of gcd-sfn: a supervisor process, its child, and the protocol between them (../PROTOCOL.md)."""
