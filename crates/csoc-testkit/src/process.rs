//! Programs that a test starts: each with a log, in a process group of its own, gone when the test is.
//!
//! Story: a test starts an API server and an agent, fails an assertion and unwinds, or is killed with -9 by an
//! impatient person. Either way nothing is left running: a keeper (a small shell) reads the groups to end from a
//! pipe whose other end only the test holds, and when that end closes it kills them.
//!
//! Do not wait for a port with a sleep: [`Running::log`] and [`crate::wait`] say what really happened.

use std::fs::File;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// Remembers one process group a line, and ends them all when the pipe closes.
const KEEPER: &str = r#"groups=
while read -r group; do groups="$groups -$group"; done
for group in $groups; do kill -s KILL -- "$group" 2>/dev/null; done
exit 0"#;

/// Ends every program started with it, at the latest when this test program ends, however that happens.
#[derive(Debug)]
pub struct Keeper {
    pipe: Option<ChildStdin>,
    shell: Child,
}

impl Keeper {
    /// # Errors
    /// When there is no shell.
    pub fn new() -> std::io::Result<Self> {
        let mut shell = Command::new("/bin/sh")
            .args(["-c", KEEPER, "keeper"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A Ctrl-C at the terminal must not end the one who cleans up.
            .process_group(0)
            .spawn()?;
        Ok(Self { pipe: shell.stdin.take(), shell })
    }

    /// Start `command` with what it prints going to `log`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(&mut self, name: &str, command: &mut Command, log: &Path) -> std::io::Result<Running> {
        let out = File::options().create(true).append(true).open(log)?;
        let child =
            command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out).process_group(0).spawn().map_err(
                |e| std::io::Error::new(e.kind(), format!("{} does not start: {e}", command.get_program().display())),
            )?;
        if let Some(pipe) = &mut self.pipe {
            writeln!(pipe, "{}", child.id())?;
        }
        Ok(Running { name: name.into(), child, log: log.into() })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.shell.wait();
    }
}

/// One running program. Dropping it kills its whole group.
#[derive(Debug)]
pub struct Running {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Running {
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has printed so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The end of its log, for an error message.
    #[must_use]
    pub fn last_words(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().rev().take(12).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Ask it to stop, and kill it when it has not within `limit`. Says whether it stopped by itself.
    pub fn stop(&mut self, limit: Duration) -> bool {
        self.signal(Signal::TERM);
        let begin = Instant::now();
        while begin.elapsed() < limit {
            if self.ended().is_some() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        self.kill();
        false
    }

    /// kill -9, and wait until it is gone.
    pub fn kill(&mut self) {
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }

    /// Freeze it: it keeps its connections and answers nothing (what a half-open connection looks like).
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, signal);
        }
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.ended().is_none() {
            self.kill();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wait;

    const LIMIT: Duration = Duration::from_secs(10);

    fn alive(id: &str) -> bool {
        // A zombie has no command line.
        std::fs::read(format!("/proc/{id}/cmdline")).is_ok_and(|line| !line.is_empty())
    }

    /// A program with a child of its own: prints the child's number.
    fn family() -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "sleep 600 & echo $!; wait"]);
        command
    }

    fn child_of(running: &Running) -> String {
        wait::until("the child's number", LIMIT, || running.log().lines().next().map(str::to_owned))
    }

    #[test]
    fn dropping_ends_the_children_too() {
        let folder = tempfile::tempdir().unwrap();
        let mut keeper = Keeper::new().unwrap();
        let running = keeper.start("family", &mut family(), &folder.path().join("log")).unwrap();
        let child = child_of(&running);
        assert!(alive(&child));
        drop(running);
        wait::until("the child is gone", LIMIT, || (!alive(&child)).then_some(()));
    }

    #[test]
    fn what_was_forgotten_ends_with_the_keeper() {
        let folder = tempfile::tempdir().unwrap();
        let mut keeper = Keeper::new().unwrap();
        let running = keeper.start("family", &mut family(), &folder.path().join("log")).unwrap();
        let child = child_of(&running);
        // As a test program that is killed: nothing of ours runs any more.
        std::mem::forget(running);
        drop(keeper);
        wait::until("the child is gone", LIMIT, || (!alive(&child)).then_some(()));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let mut keeper = Keeper::new().unwrap();
        let error = keeper.start("x", &mut Command::new("/nowhere/x"), &folder.path().join("log")).unwrap_err();
        assert!(error.to_string().contains("/nowhere/x does not start"), "{error}");
    }
}
