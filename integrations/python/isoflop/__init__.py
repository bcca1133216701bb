"""Client of the isoflop sidecar."""

from isoflop.client import Client, InvalidQuestion, IsoflopError, NotKnown, ThinEvidence, Unreachable

__all__ = ["Client", "InvalidQuestion", "IsoflopError", "NotKnown", "ThinEvidence", "Unreachable"]
__version__ = "0.1.0"
