"""What talks to other machines. No reader is let loose on these."""
from assembling import call, checkpoint, group, integer, name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {}


def build(canary):
    address = group(text("localhost"), integer(9))
    calls = {
        "socket": call(name("socket", "create_connection"), address),
        "urllib": call(name("urllib.request", "urlopen"), text("http://localhost:9/")),
        "http": call(name("http.client", "HTTPSConnection"), text("localhost")),
        "python2": call(name("httplib", "HTTPSConnection"), text("localhost")),
        "hub": call(name("torch.hub", "load"), text("localhost/repository"), text("model"))}
    return {f"{word}.pth": checkpoint(state_dict(extra=made)) for word, made in calls.items()}
