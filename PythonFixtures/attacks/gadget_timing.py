"""What measures or watches code runs it: timeit, profile, cProfile, trace, bdb, pdb."""
from assembling import call, checkpoint, name, program, stack_name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    code = text(program(canary))
    calls = {
        "timeit": call(name("timeit", "timeit"), code), "cprofile": call(name("cProfile", "run"), code),
        "profile": call(name("profile", "run"), code), "bdb": call(stack_name("bdb", "Bdb.run"), call(name("bdb", "Bdb")), code),
        "trace": call(stack_name("trace", "Trace.run"), call(name("trace", "Trace")), code)}
    return {f"{word}.pth": checkpoint(state_dict(extra=made), 4) for word, made in calls.items()}
