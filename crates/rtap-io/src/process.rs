//! Processes in a network namespace.
//!
//! A thread of its own enters the namespace, starts the process, leaves the namespace again, and
//! waits for the process's end. It has to be that thread: the kernel kills such a child when the
//! *thread* that started it ends, which is what keeps none behind when this process is killed.

use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use crate::control;
use crate::error::SystemError;
use crate::namespace::{Entered, Namespace, rootless};
use crate::syscall::retry;

/// What the process has for standard input, output and error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Streams {
    /// Pipes to this process.
    #[default]
    Pipe,
    /// Those of this process.
    Inherit,
    /// `/dev/null`.
    Ignore,
}

/// What to start.
#[derive(Clone, Debug, Default)]
pub struct ProcessOptions {
    /// A path, or a name that is looked for in `PATH` of `environment`.
    pub file: OsString,
    /// Its arguments, without its name.
    pub arguments: Vec<OsString>,
    /// Its whole environment.
    pub environment: Vec<(OsString, OsString)>,
    /// Its working directory; that of this process when not given.
    pub directory: Option<PathBuf>,
    /// Its standard streams.
    pub streams: Streams,
}

/// How a process ended: one of the two is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// Its exit code.
    pub code: Option<i32>,
    /// The signal that killed it.
    pub signal: Option<i32>,
}

/// A process that was started here.
#[derive(Clone)]
pub struct Process {
    pid: libc::pid_t,
    end: Arc<Mutex<End>>,
}

type Waiter = Box<dyn FnOnce(Exit) + Send>;

#[derive(Default)]
struct End {
    /// How it ended. Once that is known its number may be another process's.
    exit: Option<Exit>,
    waiters: Vec<Waiter>,
}

/// Our ends of the pipes of a process.
#[derive(Debug, Default)]
pub struct Pipes {
    /// Its standard input.
    pub input: Option<OwnedFd>,
    /// Its standard output.
    pub output: Option<OwnedFd>,
    /// Its standard error.
    pub error: Option<OwnedFd>,
}

impl Process {
    /// Starts a process in `namespace`. For threads that may wait.
    pub fn spawn(
        namespace: &Namespace,
        options: &ProcessOptions,
    ) -> Result<(Self, Pipes), SystemError> {
        control::pin_module();
        let name = format!("spawn {}", options.file.display());
        let (sender, receiver) = mpsc::channel();
        let target = namespace.clone();
        let options = options.clone();
        thread::Builder::new()
            .name("rtap-process".to_owned())
            .spawn(move || {
                control::enter_thread();
                match spawn_in(&target, &options, &name) {
                    Err(error) => drop(sender.send(Err(error))),
                    Ok(mut child) => {
                        let (process, pipes) = adopt(&mut child);
                        let waited = process.clone();
                        drop(sender.send(Ok((process, pipes))));
                        waited.wait(&mut child);
                    }
                }
            })
            .map_err(|error| SystemError::from_io("clone", &error))?;
        receiver.recv().unwrap_or_else(|_| Err(SystemError::panicked()))
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// Sends a signal; false when the process has ended.
    pub fn kill(&self, signal: i32) -> Result<bool, SystemError> {
        let end = self.lock();
        if end.exit.is_some() {
            return Ok(false);
        }
        // SAFETY: kill takes no memory; the lock keeps the number from being reused.
        retry("kill", || unsafe { libc::kill(self.pid, signal) })?;
        Ok(true)
    }

    /// Calls `waiter` when the process has ended: on another thread, or here when it has already.
    pub fn on_exit(&self, waiter: impl FnOnce(Exit) + Send + 'static) {
        let mut end = self.lock();
        match end.exit {
            None => end.waiters.push(Box::new(waiter)),
            Some(exit) => {
                drop(end);
                waiter(exit);
            }
        }
    }

    fn wait(&self, child: &mut Child) {
        // Waits without reaping first, so that the number is freed under the lock that `kill` takes.
        // SAFETY: an all-zero siginfo_t is valid; waitid fills it.
        let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
        let flags = libc::WEXITED | libc::WNOWAIT;
        // SAFETY: `info` is writable and alive during the call.
        let _ = retry("waitid", || unsafe {
            libc::waitid(libc::P_PID, self.pid.cast_unsigned(), &raw mut info, flags)
        });
        let mut end = self.lock();
        let status = child.wait().unwrap_or_else(|_| ExitStatus::from_raw(0));
        let exit = Exit { code: status.code(), signal: status.signal() };
        end.exit = Some(exit);
        let waiters = std::mem::take(&mut end.waiters);
        drop(end);
        for waiter in waiters {
            waiter(exit);
        }
    }

    /// No code of ours panics while it holds this lock, so a poisoned one is whole.
    fn lock(&self) -> MutexGuard<'_, End> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts a process with the calling thread in `target`, and brings the thread back; or with the thread
/// where it is, when that takes a process in the user namespace of `target`.
fn spawn_in(
    target: &Namespace,
    options: &ProcessOptions,
    name: &str,
) -> Result<Child, SystemError> {
    let own = Namespace::current()?;
    let elsewhere = own.inode() != target.inode();
    let entered = if elsewhere { target.enter()? } else { Entered::Thread };
    let moved = elsewhere && matches!(entered, Entered::Thread);
    let user = match entered {
        Entered::Thread => None,
        Entered::Not(user) => {
            // A refusal of the process itself would say of its program that it can't be run.
            target.open_files(&[])?;
            Some(user)
        }
    };
    let spawned = command_for(options, target, user).spawn();
    if moved && let Err(error) = own.enter() {
        if let Ok(mut child) = spawned {
            let _ = child.kill().and_then(|()| child.wait());
        }
        return Err(error);
    }
    spawned.map_err(|error| SystemError::from_io(name.to_owned(), &error))
}

fn adopt(child: &mut Child) -> (Process, Pipes) {
    let pid = libc::pid_t::try_from(child.id()).unwrap_or_default();
    let process = Process { pid, end: Arc::default() };
    let pipes = Pipes {
        input: child.stdin.take().map(OwnedFd::from),
        output: child.stdout.take().map(OwnedFd::from),
        error: child.stderr.take().map(OwnedFd::from),
    };
    (process, pipes)
}

fn command_for(options: &ProcessOptions, target: &Namespace, user: Option<OwnedFd>) -> Command {
    let stdio = || match options.streams {
        Streams::Pipe => Stdio::piped(),
        Streams::Inherit => Stdio::inherit(),
        Streams::Ignore => Stdio::null(),
    };
    let mut command = Command::new(&options.file);
    command.args(&options.arguments);
    command.env_clear().envs(options.environment.iter().map(|(key, value)| (key, value)));
    command.stdin(stdio()).stdout(stdio()).stderr(stdio());
    if let Some(directory) = &options.directory {
        command.current_dir(directory);
    }
    let parent = std::process::id();
    let target = target.clone();
    let prepare = move || {
        if let Some(user) = &user {
            let joined = rootless::join(user.as_fd(), target.as_fd());
            joined.map_err(|error| io::Error::from_raw_os_error(error.errno()))?;
        }
        // After that: a change of credentials takes it away.
        prepare_child(parent)
    };
    // SAFETY: the closure runs between fork and exec and only makes async-signal-safe calls.
    unsafe { command.pre_exec(prepare) };
    command
}

/// One more than the largest signal of Linux.
const SIGNALS_END: libc::c_int = 65;

/// Runs in the child: it dies with us, and has the signal mask and handlers of a fresh process, as
/// Node gives its own children.
fn prepare_child(parent: u32) -> io::Result<()> {
    // SAFETY: these calls take integers, and pointers to `none`, which lives through them.
    unsafe {
        if libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) == -1 {
            return Err(io::Error::last_os_error());
        }
        // We may have been killed before that call: the child has another parent then.
        if libc::getppid().cast_unsigned() != parent {
            libc::_exit(1);
        }
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut());
        for signal in 1..SIGNALS_END {
            // Refused for the few that have no handlers.
            libc::signal(signal, libc::SIG_DFL);
        }
    }
    Ok(())
}
