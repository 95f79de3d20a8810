//! Processes in a namespace.

use std::cell::RefCell;
use std::ffi::OsString;
use std::os::fd::{IntoRawFd, OwnedFd};
use std::path::PathBuf;

use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;
use rtap_io::control::Lane;
use rtap_io::node::throw;
use rtap_io::process::{self as io, Pipes, ProcessOptions, Streams};

use crate::namespace::Namespace;
use crate::promise::promise;

/// What to start.
#[napi(object)]
pub struct SpawnOptions {
    /// A path or a name.
    pub file: String,
    /// Arguments without the name.
    pub args: Vec<String>,
    /// The whole environment, names and values in turn.
    pub env: Vec<String>,
    /// Working directory.
    pub cwd: Option<String>,
    /// Standard streams; anything but these is taken for pipes.
    #[napi(ts_type = "'pipe' | 'inherit' | 'ignore'")]
    pub stdio: String,
}

/// How a process ended.
#[napi(object)]
pub struct ProcessExit {
    /// Its exit code.
    pub code: Option<i32>,
    /// The signal that killed it.
    pub signal: Option<i32>,
}

/// A process.
#[napi]
pub struct ChildProcess {
    process: io::Process,
    pipes: RefCell<Pipes>,
}

#[napi]
impl ChildProcess {
    /// Its id.
    #[napi(getter)]
    pub fn pid(&self) -> i32 {
        self.process.pid()
    }

    /// Our ends of its pipes as file descriptors that the caller now owns; -1 where there is none.
    #[napi]
    pub fn take_pipes(&self) -> Vec<i32> {
        let Pipes { input, output, error } = self.pipes.take();
        [input, output, error].into_iter().map(|fd| fd.map_or(-1, OwnedFd::into_raw_fd)).collect()
    }

    /// Sends a signal; false when it has ended.
    #[napi]
    pub fn kill(&self, env: &Env, signal: i32) -> Result<bool> {
        self.process.kill(signal).map_err(|failure| throw::system(env, &failure))
    }

    /// Resolves when it has ended.
    #[napi(ts_return_type = "Promise<ProcessExit>")]
    pub fn exited<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let (deferred, promise) = env.create_deferred()?;
        self.process.on_exit(move |exit| {
            deferred.resolve(move |_| Ok(ProcessExit { code: exit.code, signal: exit.signal }));
        });
        Ok(promise)
    }
}

/// Starts a process in a namespace.
#[napi(ts_return_type = "Promise<ChildProcess>")]
pub fn spawn_process<'env>(
    env: &'env Env,
    namespace: &Namespace,
    options: SpawnOptions,
) -> Result<Object<'env>> {
    let namespace = namespace.get(env)?;
    let mut pairs = options.env.into_iter().map(OsString::from);
    let mut environment = Vec::new();
    while let (Some(name), Some(value)) = (pairs.next(), pairs.next()) {
        environment.push((name, value));
    }
    let options = ProcessOptions {
        file: options.file.into(),
        arguments: options.args.into_iter().map(OsString::from).collect(),
        environment,
        directory: options.cwd.map(PathBuf::from),
        streams: match options.stdio.as_str() {
            "inherit" => Streams::Inherit,
            "ignore" => Streams::Ignore,
            _ => Streams::Pipe,
        },
    };
    promise(
        env,
        &Lane::new(),
        move || io::Process::spawn(&namespace, &options),
        |(process, pipes)| ChildProcess { process, pipes: RefCell::new(pipes) },
    )
}
