//! How many notifications are shown: any web page can cause one.

use std::time::{Duration, Instant};

/// So many.
const MOST: usize = 3;

/// In so long.
const SPAN: Duration = Duration::from_secs(60);

/// When the last ones were shown.
#[derive(Default)]
pub(super) struct Pace(Vec<Instant>);

impl Pace {
    /// Whether one more may be shown, which is counted then.
    pub(super) fn allows(&mut self, now: Instant) -> bool {
        self.0
            .retain(|at| now.saturating_duration_since(*at) < SPAN);
        let is_free = self.0.len() < MOST;
        if is_free {
            self.0.push(now);
        }
        is_free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_asks_again_and_again_is_shown_three_times_a_minute() {
        let mut pace = Pace::default();
        let start = Instant::now();
        let shown = |pace: &mut Pace, from: u64| {
            let seconds = from..from + 30;
            let at = seconds.map(|second| start + Duration::from_secs(second));
            at.filter(|now| pace.allows(*now)).count()
        };
        assert_eq!(shown(&mut pace, 0), 3);
        assert_eq!(shown(&mut pace, 30), 0);
        assert_eq!(shown(&mut pace, 60), 3);
    }
}
