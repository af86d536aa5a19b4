"""The seal of a manifest: its own SHA-256, so that an accident to it is seen.

It proves nothing against who seals anew; for that an auditor keeps the hash elsewhere.
"""

import hashlib
import json
from collections.abc import Mapping

SEAL = "seal"
SINCE = 2
"""The format of a manifest from which on it must be sealed."""


def sealed(manifest: Mapping[str, object]) -> bytes:
    """Return the bytes of manifest.json: the manifest, and last the hash of what stands before."""
    rest = {name: value for name, value in manifest.items() if name != SEAL}
    return _text({**rest, SEAL: hashlib.sha256(_text(rest)).hexdigest()})


def unbroken(manifest: Mapping[str, object], raw: bytes) -> bool:
    """Return whether `raw`, read as `manifest`, is to the byte what was sealed."""
    if SEAL not in manifest and manifest.get("format") == 1:
        return True  # written before manifests were sealed
    return raw == sealed(manifest)


def _text(manifest: Mapping[str, object]) -> bytes:
    return json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n"
