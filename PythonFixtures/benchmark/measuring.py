"""Runs contenders in alternation."""
import dataclasses
import statistics

from contenders import Failed, Memory
from operations import Contender, Operation

# How long a contender runs in a round at least, where it does not have to run too often for that.
ROUND_SECONDS = 0.3
MAXIMUM_RUNS = 30


@dataclasses.dataclass
class Result:
    contender: Contender
    rounds: list = dataclasses.field(default_factory=list)
    """For each round the runs: seconds, seconds of them for dropping the result, private memory with the result."""
    memory: Memory | None = None
    error: str | None = None
    runs: int = 1

    @property
    def seconds(self):
        """One number for each round."""
        return [statistics.median(seconds for seconds, *_ in runs) for runs in self.rounds]

    @property
    def median(self):
        return statistics.median(self.seconds) if self.rounds else None

    def attempt(self, step):
        """A contender that fails is out, and says why."""
        if self.error is None:
            try:
                step()
            except (Failed, OSError) as error:
                self.error = str(error)
                self.contender.runner.end()

    def prepare(self):
        self.contender.runner.start()
        first = self.contender.runner.times(1)
        self.runs = max(1, min(MAXIMUM_RUNS, round(ROUND_SECONDS / first[0][0])))
        if self.contender.once:
            self.rounds.append(first)

    def run(self):
        """The first run is dropped: memory that was idle, or is new to a virtual machine, is slow at first."""
        self.rounds.append(self.contender.runner.times(1 + self.runs)[1:])

    def weigh(self):
        if not self.contender.once:
            self.memory = self.contender.runner.memory()
        self.contender.runner.end()


@dataclasses.dataclass
class Comparison:
    operation: Operation
    results: list


def compared(operation, rounds):
    results = [Result(contender) for contender in operation.contenders]
    for result in results:
        result.attempt(result.prepare)
    several = [result for result in results if not result.contender.once]
    for number in range(rounds):
        # Whoever comes first finds the machine idle, which costs: each does in its turn.
        first = number % len(several)
        for result in several[first:] + several[:first]:
            result.attempt(result.run)
    for result in results:
        result.attempt(result.weigh)
    return Comparison(operation, results)
