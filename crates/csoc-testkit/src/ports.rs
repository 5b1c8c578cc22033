//! Ports on loopback for programs that must be told theirs before they start.
//!
//! Story: two test programs start three clusters each, at the same time, with five ports a cluster. Asking the
//! kernel for "any free port" and handing the number on loses now and then: another program, or an outgoing
//! connection, takes it before the server binds. So numbers come from below the kernel's own range, and a lock
//! on a file holds each until the test is done with it.

use std::fs::{File, OpenOptions, TryLockError};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below 32768, where Linux begins to give ports to outgoing connections.
const FIRST: u16 = 20_000;
const LAST: u16 = 31_999;

/// A port that nobody else takes while this lives.
#[derive(Debug)]
pub struct Port {
    number: u16,
    _lock: File,
}

impl Port {
    /// # Panics
    /// When all of them are taken, or the folder of locks cannot be written.
    #[must_use]
    pub fn reserve() -> Self {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        // Test programs begin at different places, so that they seldom ask for the same number.
        let span = u32::from(LAST - FIRST);
        let begin = std::process::id().wrapping_mul(61) % span;
        let folder = locks();
        for _ in 0..span {
            let step = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
            let number = FIRST + u16::try_from((begin + step) % span).expect("the span fits");
            if let Some(lock) = lock(&folder, number)
                && TcpListener::bind(("127.0.0.1", number)).is_ok()
            {
                return Self { number, _lock: lock };
            }
        }
        panic!("every port from {FIRST} to {LAST} on loopback is taken");
    }

    #[must_use]
    pub fn number(&self) -> u16 {
        self.number
    }
}

fn locks() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("csoc-ports-{}", rustix::process::getuid().as_raw()));
    std::fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("{} cannot be made: {e}", folder.display()));
    folder
}

fn lock(folder: &std::path::Path, number: u16) -> Option<File> {
    let path = folder.join(number.to_string());
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.unwrap_or_else(|e| panic!("{} cannot be opened: {e}", path.display()));
    match file.try_lock() {
        Ok(()) => Some(file),
        Err(TryLockError::WouldBlock) => None,
        Err(TryLockError::Error(e)) => panic!("{} cannot be locked: {e}", path.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_is_given_twice_while_it_is_held() {
        let held: Vec<Port> = (0..50).map(|_| Port::reserve()).collect();
        let numbers: std::collections::BTreeSet<u16> = held.iter().map(Port::number).collect();
        assert_eq!(numbers.len(), 50);
    }

    #[test]
    fn a_port_in_use_is_passed_over() {
        let taken = Port::reserve();
        let _server = TcpListener::bind(("127.0.0.1", taken.number())).unwrap();
        let folder = locks();
        drop(taken._lock);
        // The lock is free again, the port is not.
        assert!(lock(&folder, taken.number).is_some());
        assert!(TcpListener::bind(("127.0.0.1", taken.number)).is_err());
    }
}
