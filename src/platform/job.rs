//! Where a shell's job control has put this process. In a container its session
//! and its group can be led from outside; Linux gives those the number 0, which
//! `rustix` takes for impossible, so there it is read from proc(5).

pub(super) use self::imp::{in_foreground, leads_session};

#[cfg(target_os = "linux")]
mod imp {
    use std::fs;
    use std::str::FromStr;

    /// The first fields of `/proc/PID/stat` after the program's name.
    #[derive(Debug, PartialEq, Eq)]
    struct Stat {
        pid: i32,
        group: i32,
        session: i32,
        foreground: i32,
    }

    impl FromStr for Stat {
        type Err = ();

        fn from_str(line: &str) -> Result<Self, ()> {
            let number = |text: &str| text.parse::<i32>().map_err(drop);
            let (pid, rest) = line.split_once(' ').ok_or(())?;
            // The name may hold anything, brackets too.
            let (_, rest) = rest.rsplit_once(") ").ok_or(())?;
            let mut fields = rest.split(' ').skip(2);
            let mut next = || number(fields.next().ok_or(())?);
            let (group, session, _terminal, foreground) = (next()?, next()?, next()?, next()?);
            Ok(Self {
                pid: number(pid)?,
                group,
                session,
                foreground,
            })
        }
    }

    fn own() -> Option<Stat> {
        fs::read_to_string("/proc/self/stat").ok()?.parse().ok()
    }

    /// Whether this process began its session, so that no shell is around it.
    pub(in crate::platform) fn leads_session() -> bool {
        own().is_some_and(|own| own.session == own.pid)
    }

    /// Whether what a person types at the terminal reaches this process.
    pub(in crate::platform) fn in_foreground() -> bool {
        own().is_some_and(|own| own.group > 0 && own.group == own.foreground)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_program_may_be_called_anything() {
            let line = "31 (a) 7 (b) S 1 31 31 34816 31 4194304 84 0";
            let stat = Stat {
                pid: 31,
                group: 31,
                session: 31,
                foreground: 31,
            };
            assert_eq!(line.parse(), Ok(stat));
        }

        #[test]
        fn a_leader_outside_of_the_container_has_no_number() {
            let line = "1 (tokenpass) R 0 0 0 0 -1 4194304 84 0";
            let stat = Stat {
                pid: 1,
                group: 0,
                session: 0,
                foreground: -1,
            };
            assert_eq!(line.parse(), Ok(stat));
        }

        #[test]
        fn half_a_line_is_none() {
            for line in [
                "",
                "31",
                "31 (sh",
                "31 (sh) S 1 31 31",
                "x (sh) S 1 1 1 1 1",
            ] {
                assert_eq!(line.parse::<Stat>(), Err(()), "{line}");
            }
        }
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
mod imp {
    use std::fs::File;

    use rustix::process::{getpgrp, getpid, getsid};
    use rustix::termios::tcgetpgrp;

    pub(in crate::platform) fn leads_session() -> bool {
        getsid(None).is_ok_and(|session| session == getpid())
    }

    pub(in crate::platform) fn in_foreground() -> bool {
        File::open("/dev/tty")
            .is_ok_and(|terminal| tcgetpgrp(terminal).is_ok_and(|group| group == getpgrp()))
    }
}
