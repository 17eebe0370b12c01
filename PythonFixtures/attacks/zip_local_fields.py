"""The header of data.pkl itself contradicts the directory: another method, other sizes, another checksum. Which of them a
reader believes decides what it reads."""
from archives import archive, replaced
from assembling import entries, payload, state_dict

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "contradictoryHeaders", "refused"]
INSPECT, FIRES = "contradictoryHeaders", {"load": "runs"}
LIES = {"method": {"method": 8}, "size": {"size": 9, "packed": 9}, "checksum": {"crc": 0xABCD}, "packed": {"packed": 1 << 31}}


def build(canary):
    return {
        f"{word}.pth": archive(replaced(entries(state_dict(extra=payload(canary))), "data.pkl", local=lie))
        for word, lie in LIES.items()}
