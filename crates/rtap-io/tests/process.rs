//! Namespaces and processes in them.

mod common;

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, AsRawFd};
use std::path::Path;
use std::sync::mpsc;

use common::{in_namespace, run_in};
use rtap_io::SystemError;
use rtap_io::namespace::Namespace;
use rtap_io::process::{Exit, Process, ProcessOptions, Streams};

fn shell(script: &str) -> ProcessOptions {
    ProcessOptions {
        file: "sh".into(),
        arguments: vec!["-c".into(), script.into()],
        environment: vec![("PATH".into(), std::env::var_os("PATH").unwrap_or_default())],
        directory: None,
        streams: Streams::Pipe,
    }
}

fn end(process: &Process) -> Exit {
    let (sender, receiver) = mpsc::channel();
    process.on_exit(move |exit| sender.send(exit).expect("a receiver"));
    receiver.recv().expect("an end")
}

fn output(namespace: &Namespace, options: &ProcessOptions) -> String {
    let (process, pipes) = Process::spawn(namespace, options).expect("a process");
    let mut text = String::new();
    File::from(pipes.output.expect("a pipe")).read_to_string(&mut text).expect("output");
    assert_eq!(end(&process), Exit { code: Some(0), signal: None });
    text
}

#[test]
fn namespaces_are_told_apart_by_their_inode() {
    in_namespace(|own| {
        let current = Namespace::current().expect("the thread's namespace");
        assert_eq!(current.inode(), own.inode());
        let other = Namespace::create().expect("a namespace");
        assert_ne!(other.inode(), own.inode());
        let entered = run_in(&other, || Namespace::current().expect("the task's namespace"));
        assert_eq!(entered.inode(), other.inode());
        assert_eq!(Namespace::current().expect("still here").inode(), own.inode());
    });
}

#[test]
fn opens_a_namespace_another_time() {
    in_namespace(|own| {
        let again = own.try_clone().expect("another file descriptor");
        assert_eq!(again.inode(), own.inode());
        assert_ne!(again.as_fd().as_raw_fd(), own.as_fd().as_raw_fd());
    });
}

#[test]
fn opens_files_of_network_namespaces_only() {
    in_namespace(|_| {
        let code = |path: &str| Namespace::open(Path::new(path)).err().map(|error| error.code());
        assert_eq!(code("/proc/self/ns/net"), None);
        assert_eq!(code("/proc/self/ns/mnt"), Some("EINVAL"));
        assert_eq!(code("/dev/null"), Some("EINVAL"));
        assert_eq!(code("/run/netns/there-is-none"), Some("ENOENT"));
    });
}

#[test]
fn starts_processes_in_a_namespace_and_comes_back() {
    in_namespace(|own| {
        let other = Namespace::create().expect("a namespace");
        let link = output(&other, &shell("readlink /proc/self/ns/net"));
        assert_eq!(link.trim(), format!("net:[{}]", other.inode()));
        let link = output(own, &shell("readlink /proc/self/ns/net"));
        assert_eq!(link.trim(), format!("net:[{}]", own.inode()));
        assert_eq!(Namespace::current().expect("a namespace").inode(), own.inode());
    });
}

#[test]
fn gives_processes_what_was_asked_for() {
    in_namespace(|own| {
        let mut options = shell("echo $NAME; pwd; tr -d '\\0' < /proc/$$/status | grep SigBlk");
        options.environment.push((OsString::from("NAME"), OsString::from("value")));
        options.directory = Some("/proc".into());
        let text = output(own, &options);
        assert_eq!(text, "value\n/proc\nSigBlk:\t0000000000000000\n");
    });
}

#[test]
fn tells_how_a_process_ended() {
    in_namespace(|own| {
        let (process, _) = Process::spawn(own, &shell("exit 7")).expect("a process");
        assert_eq!(end(&process), Exit { code: Some(7), signal: None });
        assert_eq!(process.kill(libc::SIGTERM), Ok(false));
        assert_eq!(end(&process), Exit { code: Some(7), signal: None }, "asked late");

        let (process, _pipes) = Process::spawn(own, &shell("exec sleep 60")).expect("a process");
        assert_eq!(process.kill(libc::SIGTERM), Ok(true));
        assert_eq!(end(&process), Exit { code: None, signal: Some(libc::SIGTERM) });
    });
}

#[test]
fn says_that_there_is_no_such_program() {
    in_namespace(|own| {
        let options = ProcessOptions { file: "there-is-none".into(), ..shell("") };
        let error = Process::spawn(own, &options).err();
        assert_eq!(error, Some(SystemError::new("spawn there-is-none", libc::ENOENT)));
    });
}
