"""Flags and versions that some zip programs refuse and others ignore: patched data, masked headers, a version that nobody
has. Here they are on data.pkl itself; torch ignores the version."""
from archives import archive, replaced
from assembling import entries, payload, state_dict

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal"], {"load": {"version.pth": "runs"}}
INSPECT = ("inert", "encryptedRecord", "damagedArchive", "unsupportedCompression")
LIES = {"patched": {"flags": 0x820}, "masked": {"flags": 0x2800}, "version": {"needed": 255}}


def build(canary):
    return {
        f"{word}.pth": archive(replaced(entries(state_dict(extra=payload(canary))), "data.pkl", both=lie)) for word, lie in LIES.items()}
