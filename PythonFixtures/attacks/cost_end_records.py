"""The last 65,000 bytes of the file are signatures of end records. Each may be one, and has to be tried."""
from archives import archive
from assembling import entries, state_dict

VERDICT, FINDINGS, FIRES = "clean", [], {}
INSPECT = "inert"


def build(canary):
    return {"comment.pth": archive(entries(state_dict()), comment=b"PK\5\6" * 16_000)}
