"""A pickle in a literal, and a function that loads it: pickle's own names, torch's, and those of numpy and libraries around
them. The outer pickle names the loader only."""
from assembling import call, checkpoint, data, fired, legacy, name, payload, state_dict, text

VERDICT, FINDINGS, FIRES = "dangerous", ["dangerousGlobal", "hiddenPickle"], {"load": "runs"}
INSPECT = {"torch_storage.pth": "malformedPickle"}


def build(canary):
    inner = data(fired(canary))
    stored = data(legacy(payload(canary), keys=b"]", contents=b"")[:-8])
    calls = {
        "pickle": call(name("pickle", "loads"), inner), "c_pickle": call(name("_pickle", "loads"), inner),
        "python2": call(name("cPickle", "loads"), inner), "cloudpickle": call(name("cloudpickle", "loads"), inner),
        "torch_storage": call(name("torch.storage", "_load_from_bytes"), stored),
        "decoder": call(name("torch.utils.data.datapipes.utils.decoder", "basichandlers"), text("pickle"), inner)}
    return {f"{word}.pth": checkpoint(state_dict(extra=made), 2 if word == "python2" else 3) for word, made in calls.items()}
