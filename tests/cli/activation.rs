//! Sockets that a service manager hands over (`sd_listen_fds(3)`), by a shell
//! in its place.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, AsRawFd};
use std::process::{Command, Stdio};

use rustix::io::{FdFlags, fcntl_setfd};

use crate::support::Home;
use crate::support::http::Request;

/// `serve`, started with what `given` is as its one descriptor.
fn serve(home: &Home, given: Option<&dyn AsFd>) -> Command {
    let third = match given {
        Some(given) => {
            // Else it ends with the test's own process.
            fcntl_setfd(given, FdFlags::empty()).unwrap();
            format!("3<&{}", given.as_fd().as_raw_fd())
        }
        None => "3<&-".to_owned(),
    };
    let script = format!("LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" serve --log off {third}");
    let mut command = Command::new("bash");
    command
        .args(["-c", &script, env!("CARGO_BIN_EXE_tokenpass")])
        .env_clear()
        .env("TOKENPASS_HOME", home.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

#[test]
fn what_is_no_listening_socket_is_not_taken() {
    let home = Home::registered();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let connected = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let file = File::open(home.path().join("seed.db")).unwrap();
    for given in [None, Some(&connected as &dyn AsFd), Some(&file)] {
        let output = serve(&home, given).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(
            String::from_utf8(output.stderr).unwrap(),
            "error: cannot serve: what the service manager handed over is no \
             listening TCP socket\n"
        );
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn a_listening_socket_is_served() {
    let home = Home::registered();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut child = serve(&home, Some(&listener)).spawn().unwrap();
    let mut url = String::new();
    let stdout = child.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut url).unwrap();
    assert_eq!(url, format!("http://{address}\n"));
    Request::to(address, "GET", "/api/health").send().ok();
    child.kill().unwrap();
    child.wait().unwrap();
}
