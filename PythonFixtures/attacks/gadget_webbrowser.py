"""webbrowser starts a browser, and which program that is says the first argument."""
from assembling import call, checkpoint, name, shell, stack_name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    command = b"](" + b"".join(map(text, ("/bin/sh", "-c", shell(canary) + "; # %s"))) + b"e"
    browser = call(name("webbrowser", "GenericBrowser"), command)
    opened = call(stack_name("webbrowser", "GenericBrowser.open"), browser, text("http://localhost"))
    return {"webbrowser.pth": checkpoint(state_dict(extra=opened), 4)}
