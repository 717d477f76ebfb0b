//! How much the system lets the process have.

/// Raises the soft limit of open files to the hard one, but not past `most`
/// (a limit in the millions makes some programs started from here slow).
/// Returns the limit that holds now; `None` where the system has none.
pub fn raise_open_files(most: u64) -> Option<u64> {
    imp::raise_open_files(most)
}

#[cfg(unix)]
mod imp {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    pub(super) fn raise_open_files(most: u64) -> Option<u64> {
        let limit = getrlimit(Resource::Nofile);
        let soft = limit.current?;
        let wanted = limit.maximum.map_or(most, |hard| hard.min(most));
        if wanted <= soft {
            return Some(soft);
        }
        let raised = Rlimit {
            current: Some(wanted),
            maximum: limit.maximum,
        };
        // Refused (macOS caps below the hard limit): what held still holds.
        Some(setrlimit(Resource::Nofile, raised).map_or(soft, |()| wanted))
    }
}

#[cfg(not(unix))]
mod imp {
    pub(super) fn raise_open_files(_most: u64) -> Option<u64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_lowers_the_limit() {
        let before = raise_open_files(0);
        assert_eq!(raise_open_files(1), before);
    }
}
