"""Functions that run things in releases of torch that others have: a file is for all of them, not for the one at hand."""
from assembling import call, checkpoint, name, program, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {}


def build(canary):
    code = text(program(canary))
    words = b"](" + b"".join(map(text, ("sh", "-c", shell(canary)))) + b"e"
    calls = {
        "bottleneck": call(name("torch.utils.bottleneck.__main__", "run_cprofile"), code, b"}"),
        "codecache": call(name("torch._inductor.codecache", "compile_file"), text(""), text(""), words)}
    return {f"{word}.pth": checkpoint(state_dict(extra=made)) for word, made in calls.items()}
