//! A network of its own on this machine, on a cable to the usual one.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Command, Stdio};

/// Root there is root here, and cannot be told apart by the kernel's tables of
/// connections: they are each network's own. Gone when dropped.
pub(crate) struct OtherNetwork {
    name: String,
    third: u8,
}

impl OtherNetwork {
    /// `None`, and a line that says so, where there can be none.
    #[allow(clippy::print_stderr, reason = "says what was skipped")]
    pub(crate) fn new() -> Option<Self> {
        let id = std::process::id();
        let network = Self {
            name: format!("tokenpass{id}"),
            third: id.to_le_bytes()[0],
        };
        if !ip(&format!("netns add {}", network.name)) {
            eprintln!("skipped: only root can make a network, with `ip`");
            return None;
        }
        network.connect();
        Some(network)
    }

    fn connect(&self) {
        let Self { name, third } = self;
        for command in [
            format!(
                "link add {} type veth peer name eth0 netns {name}",
                self.cable()
            ),
            format!("address add {}/30 dev {}", self.host(), self.cable()),
            format!("link set {} up", self.cable()),
            format!("-n {name} address add 198.18.{third}.2/30 dev eth0"),
            format!("-n {name} link set eth0 up"),
        ] {
            assert!(ip(&command), "ip {command}");
        }
    }

    fn cable(&self) -> String {
        format!("tp{}", std::process::id())
    }

    /// This machine, as it is called there: one of the addresses for tests (RFC
    /// 2544).
    fn host(&self) -> Ipv4Addr {
        Ipv4Addr::new(198, 18, self.third, 1)
    }

    /// Connects from there, sends bytes, and returns what comes back until the
    /// server hangs up.
    pub(crate) fn talk(&self, server: SocketAddr, bytes: &[u8]) -> Vec<u8> {
        let (host, port) = (self.host(), server.port());
        let talk = format!("exec 3<>/dev/tcp/{host}/{port}; cat >&3; exec cat <&3");
        let mut client = Command::new("ip")
            .args(["netns", "exec", &self.name, "bash", "-c", &talk])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        client.stdin.take().unwrap().write_all(bytes).unwrap();
        let done = client.wait_with_output().unwrap();
        assert!(done.status.success());
        done.stdout
    }
}

impl Drop for OtherNetwork {
    fn drop(&mut self) {
        // The cable goes with it.
        ip(&format!("netns delete {}", self.name));
    }
}

fn ip(arguments: &str) -> bool {
    let mut command = Command::new("ip");
    command.args(arguments.split(' ')).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
