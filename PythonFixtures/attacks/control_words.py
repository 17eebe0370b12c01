"""Names of functions that run code, as text: in values, keys and the names of records. Nobody calls them."""
from assembling import checkpoint, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"load": "accepts", "weights_only": "accepts"}


def build(canary):
    note = "This model was trained without os.system, builtins.eval or subprocess.Popen.\nexec('1')\n"
    return {"words.pth": checkpoint(state_dict(**{"os.system": text(note), "__reduce__": text("posix\nsystem\n")}))}
