"""An entry before data.pkl that can't be read: a wrong checksum, a damaged deflate stream, flags that only some programs
know. Scanners that go through the archive in order end there, without a word about the rest; torch reads data.pkl."""
from archives import Entry, archive
from assembling import entries, payload, state_dict

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal"], {"load": "runs"}
INSPECT = ("inert", "encryptedRecord", "damagedArchive")
FIRST = {
    "checksum": {"both": {"crc": 1}}, "deflate": {"both": {"method": 8, "size": 50}},
    "patched": {"both": {"flags": 0x20}}, "strong": {"both": {"flags": 0x40}}, "version": {"both": {"needed": 255}},
    "method": {"both": {"method": 97}}, "extra": {"central": {"extra": b"\1\0\xff\xff"}}}


def build(canary):
    return {
        f"{word}.pth": archive([Entry("archive/first", b"no deflate stream", **fields), *entries(state_dict(extra=payload(canary)))])
        for word, fields in FIRST.items()}
