"""The line of a GLOBAL crosses the end of a frame. The C module forgets what it has of the line inside the frame, so it
imports `posix` where everybody else reads `collections.posix`: the name that is written is not the one that is called."""
from assembling import call, checkpoint, frame, shell, text

VERDICT, FINDINGS = "dangerous", ["frameBoundary", "refused"]
INSPECT, FIRES = "malformedPickle", {"load": "runs"}


def build(canary):
    return {"line.pth": checkpoint(frame(b"ccollections.") + call(b"posix\nsystem\n", text(shell(canary))), 4)}
