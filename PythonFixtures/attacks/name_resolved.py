"""Functions of the library turn a text into any function there is: pkgutil.resolve_name, pydoc.locate, and torch's own
_import_dotted_name. One of them that a list lacks makes the list worthless."""
from assembling import call, checkpoint, name, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal", "computedCall"], "inert", {"load": "runs"}
RESOLVERS = [("pkgutil", "resolve_name"), ("pydoc", "locate"), ("torch._utils", "_import_dotted_name")]


def build(canary):
    return {
        f"{word}.pth": checkpoint(state_dict(extra=call(call(name(module, word), text("posix.system")), text(shell(canary)))))
        for module, word in RESOLVERS}
