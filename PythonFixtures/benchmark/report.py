"""The comparisons as rows of text, and as JSON."""
import dataclasses

NOTES = """Medians of {rounds} rounds in which each contender has its turn, warmed up. Times include dropping the result. Private memory is
what was added to a process at rest, or that of a whole process; pages of mapped files and of files in memory do not count."""
HEADINGS = ["operation", "contender", "median", "from … to", "to ours", "private memory", "bar for ours"]
# The time and memory of a tensor may differ that much between ten thousand and a million of them.
GROWTH_BAR = 1.3


def duration(seconds):
    for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1 or unit == "µs":
            return f"{seconds * factor:.3g} {unit}" if seconds * factor < 1000 else f"{seconds * factor:.0f} {unit}"


def size(count):
    return f"{count / (1 << 20):.1f} MiB" if count < 100 << 20 else f"{count >> 20} MiB"


def verdict(bar, value, holds):
    return f"≤ {bar}: {value}, {'met' if holds else 'MISSED'}"


def time_verdict(result, ours):
    """Whether ours takes no more than the bar's part of this one's time."""
    bar, part = result.contender.bar, ours.median / result.median
    return verdict(f"{bar:.3g}×", f"{part:.3g}×", part <= bar)


def memory_verdict(result):
    bar, peak = result.contender.memory_bar, result.memory.peak
    return verdict(f"{size(bar)} in all", size(peak), peak <= bar)


def verdicts(result, ours):
    found = []
    if result.contender.bar and ours.median:
        found.append(time_verdict(result, ours))
    if result.contender.memory_bar and result.memory and result.memory.peak:
        found.append(memory_verdict(result))
    return "; ".join(found)


def growth_of_memory(result):
    """What the operation added to the process."""
    return max(0, result.memory.peak - result.memory.rest) if result.memory and result.memory.peak else None


def row(title, result, ours):
    if result.error:
        return [title, result.contender.name, "failed", "", "", "", result.error[:100]]
    memory = growth_of_memory(result)
    spread = f"{duration(min(result.seconds))} … {duration(max(result.seconds))}" if len(result.rounds) > 1 else "one run"
    ratio = f"{result.median / ours.median:.3g}×" if ours.median and result is not ours else ""
    return [title, result.contender.name, duration(result.median), spread, ratio, "" if memory is None else size(memory), verdicts(result, ours)]


def rows_of(comparison):
    ours = comparison.results[0]
    return [row(comparison.operation.title if result is ours else "", result, ours) for result in comparison.results]


def growth_row(title, name, values, shown):
    part = max(values) / min(values)
    return [title, name, ", ".join(shown), "", "", "", verdict(f"{GROWTH_BAR}×", f"{part:.3g}×", part <= GROWTH_BAR)]


def growth(comparisons):
    """How time and memory of a tensor differ between few and many; nothing where not all sizes were opened."""
    many = [comparison for comparison in comparisons if comparison.operation.tensors]
    ours = [(comparison.results[0], comparison.operation.tensors) for comparison in many]
    if len(many) < 3 or any(result.error for result, _ in ours):
        return []
    counts = ", ".join(f"{count:,}" for _, count in ours)
    times = [result.median / count for result, count in ours]
    found = [growth_row(f"for each of {counts} tensors", "time", times, [f"{time * 1e6:.3g} µs" for time in times])]
    if all(growth_of_memory(result) for result, _ in ours):
        sizes = [growth_of_memory(result) / count for result, count in ours]
        found.append(growth_row("", "private memory", sizes, [f"{one:.0f} B" for one in sizes]))
    return found


def rows(comparisons):
    return [HEADINGS, *(row for comparison in comparisons for row in rows_of(comparison)), *growth(comparisons)]


def plain(comparisons):
    """Operations stand on lines of their own, so that the others are not too long."""
    table = rows(comparisons)
    widths = [max(len(row[place]) for row in table) for place in range(1, len(HEADINGS))]
    lines = []
    for title, *cells in table:
        lines += ["", title] * (title not in ("", HEADINGS[0]))
        lines.append("  " + "  ".join(cell.ljust(width) for cell, width in zip(cells, widths)).rstrip())
    return "\n".join(lines)


def markdown(comparisons):
    table = rows(comparisons)
    rule = ["---"] * 2 + ["---:"] * 4 + ["---"]
    return "\n".join("| " + " | ".join(row) + " |" for row in [table[0], rule, *table[1:]])


def described(result):
    return {"name": result.contender.name, "command": result.contender.runner.command, "error": result.error, "median": result.median,
            "rounds": result.rounds, "bar": result.contender.bar, "memory": dataclasses.asdict(result.memory) if result.memory else None}


def as_json(machine, comparisons):
    """Every run is [seconds, of them for dropping the result, private memory of the process with the result]."""
    return {"machine": machine, "operations": [
        {"key": comparison.operation.key, "title": comparison.operation.title, "contenders": [described(result) for result in comparison.results]}
        for comparison in comparisons]}
