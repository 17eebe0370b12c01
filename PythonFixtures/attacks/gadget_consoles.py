"""Interpreters written in Python: `code` behind the console, those of idlelib, and doctest's."""
from assembling import call, checkpoint, name, program, stack_name, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    code = text(program(canary))
    interpreter = call(name("code", "InteractiveInterpreter"))
    compiled = call(name("builtins", "compile"), code, text("x"), text("exec"))
    calls = {
        "runsource": call(stack_name("code", "InteractiveInterpreter.runsource"), interpreter, code),
        "runcode": call(stack_name("code", "InteractiveInterpreter.runcode"), interpreter, compiled),
        "getattr": call(call(name("builtins", "getattr"), interpreter, text("runsource")), code),
        "idlelib": call(name("idlelib.calltip", "get_entity"), code)}
    return {f"{word}.pth": checkpoint(state_dict(extra=made), 4) for word, made in calls.items()}
