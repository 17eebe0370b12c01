"""The magic number itself is computed, by int(). A scanner that looks for its bytes does not take the file for torch's, and
looks at the first pickle only; the payload is in the fourth."""
from assembling import call, dictionary, legacy, legacy_tensor, name, payload, text

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal", "refused"], {"load": "runs"}
INSPECT = ("malformedPickle", "unrecognizedFormat")


def build(canary):
    magic = call(name("builtins", "int"), text("119547037146038801333356"))
    return {"magic.pth": legacy(dictionary(weight=legacy_tensor(), extra=payload(canary)), magic=magic)}
