"""The words of STACK_GLOBAL come from the memo, far from where they were written."""
from assembling import POP, call, checkpoint, get, put, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    words = text("posix") + put(200) + POP + text("system") + put(100_000) + POP
    function = get(200) + b"j" + (100_000).to_bytes(4, "little") + b"\x93"
    return {"memo.pth": checkpoint(words + state_dict(extra=call(function, text(shell(canary)))), 4)}
