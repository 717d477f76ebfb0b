//! A bar on stderr, for what takes more than a moment.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::print::{Terminal, Verbosity};

/// What is done sooner needs no bar.
const MOMENT: Duration = Duration::from_millis(500);

/// How often a second the bar is drawn.
const DRAWN: u8 = 10;

const WITH_TOTAL: &str = "[{bar:30}] {percent:>3}%  {bytes} of {total_bytes}  {bytes_per_sec}";
const WITHOUT_TOTAL: &str = "{bytes}  {bytes_per_sec}";

/// How far something has come. The bar goes with it.
pub(crate) struct Progress {
    /// When it began; `None` if nobody looks.
    began: Option<Instant>,
    total: Option<u64>,
    done: u64,
    bar: Option<ProgressBar>,
}

impl Terminal {
    /// Something of so many bytes begins.
    pub(crate) fn progress(self, total: Option<u64>) -> Progress {
        // A bar between lines of the result would tear them.
        let seen = io::stderr().is_terminal() && !io::stdout().is_terminal();
        let wanted = seen && !self.json && self.verbosity >= Verbosity::Normal;
        Progress {
            began: wanted.then(Instant::now),
            total,
            done: 0,
            bar: None,
        }
    }
}

impl Progress {
    /// Nobody looks.
    pub(crate) fn none() -> Self {
        Self {
            began: None,
            total: None,
            done: 0,
            bar: None,
        }
    }

    /// So many bytes more are done.
    pub(crate) fn advance(&mut self, bytes: u64) {
        let Some(began) = self.began else {
            return;
        };
        self.done += bytes;
        if self.bar.is_none() && began.elapsed() >= MOMENT {
            self.bar = Some(bar(self.total).with_elapsed(began.elapsed()));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let template = total.map_or(WITHOUT_TOTAL, |_| WITH_TOTAL);
    let style = ProgressStyle::with_template(template).expect("the templates are right");
    let target = ProgressDrawTarget::stderr_with_hz(DRAWN);
    ProgressBar::with_draw_target(total, target).with_style(style.progress_chars("=> "))
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
