"""How far a run over many days has come, for its log."""

import time
from dataclasses import dataclass, field


@dataclass
class RunProgress:
    """Counts the days of a run; the clock starts with it."""

    days: int
    done: int = 0
    started: float = field(default_factory=time.perf_counter)

    def after(self, days: int) -> str:
        """Count days as done, and say how many are, how fast, and how long the rest will take.

        The text follows a statement, and is empty for a run about one day.
        """
        self.done += days
        if self.days == 1:
            return ""
        rate = self.done / (time.perf_counter() - self.started)
        left = (self.days - self.done) / rate
        rest = f", {left:.0f} s left" if self.done < self.days else ""
        return f"; {self.done} of {self.days} days, {rate:.1f} days/s{rest}"
