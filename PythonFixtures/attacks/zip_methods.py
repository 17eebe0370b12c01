"""data.pkl is compressed by a method that torch does not know and other programs do: bzip2, LZMA. Nobody can say what is in
it without them; here it is a payload."""
import bz2
import lzma

from archives import archive, replaced
from assembling import entries, payload, pickled

VERDICT, FINDINGS = "suspicious", ["unsupportedCompression", "refused"]
INSPECT, FIRES = "unsupportedCompression", {"zipfile": "runs"}


def build(canary):
    content = pickled(payload(canary))
    filters = [{"id": lzma.FILTER_LZMA1, "preset": 6}]
    packed = {12: bz2.compress(content), 14: b"\x09\x04\x05\0\x5d\0\0\x80\0" + lzma.compress(content, lzma.FORMAT_RAW, filters=filters)}

    def made(method):
        changed = replaced(entries(b""), "data.pkl", both={"method": method, "packed": len(packed[method]), "needed": 63})
        changed[0].contents, changed[0].packed = content, packed[method]
        return archive(changed)
    return {f"{method}.pth": made(method) for method in packed}
