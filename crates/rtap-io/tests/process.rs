//! Namespaces and processes in them.

mod common;

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, AsRawFd};
use std::path::Path;
use std::sync::mpsc;

use common::{in_namespace, ip, run_in};
use rtap_io::SystemError;
use rtap_io::icmp::{Family, IcmpSocket};
use rtap_io::namespace::Namespace;
use rtap_io::netlink_socket::NetlinkSocket;
use rtap_io::packet_socket::{PacketOptions, PacketSocket};
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

/// Makes the calling thread one of an ordinary user, with no rights.
fn become_nobody() {
    const NOBODY: libc::c_long = 65_534;
    // SAFETY: these take integers. The bare system calls change the calling thread alone; that a thread's
    // user has changed closes the process's files in /proc to it, which PR_SET_DUMPABLE opens again.
    let refused = unsafe {
        libc::syscall(libc::SYS_setresgid, NOBODY, NOBODY, NOBODY)
            | libc::syscall(libc::SYS_setresuid, NOBODY, NOBODY, NOBODY)
            | libc::c_long::from(libc::prctl(libc::PR_SET_DUMPABLE, 1))
    };
    assert_eq!(refused, 0, "{}", SystemError::last("setresuid"));
}

#[test]
fn an_ordinary_user_has_namespaces_too() {
    in_namespace(|own| {
        become_nobody();
        let refused = Namespace::create().expect_err("no right");
        assert_eq!((refused.code(), refused.syscall()), ("EPERM", "unshare CLONE_NEWNET"));
        assert!(refused.hint().is_some_and(|hint| hint.contains("rootless: true")));
        let made = match Namespace::create_rootless() {
            Ok(made) => made,
            Err(error) => {
                eprintln!("skipped: {error} ({:?})", error.hint());
                return;
            }
        };
        assert_eq!(made.is_rootless(), Ok(true));
        assert_eq!(own.is_rootless(), Ok(false));
        let sockets = NetlinkSocket::open_in(&made, &[1], None).expect("a netlink socket");
        let own_links = NetlinkSocket::open(&[1], None).expect("a netlink socket");
        let script = "id -u; readlink /proc/self/ns/net; ip link add one type veth peer name two";
        let text = output(&made, &shell(script));
        assert_eq!(text, format!("0\nnet:[{}]\n", made.inode()));
        let mut buffer = vec![0; 65_536];
        assert!(
            sockets.receive(&mut buffer).expect("received").is_some(),
            "links of that namespace"
        );
        assert_eq!(own_links.receive(&mut buffer), Ok(None), "and not of this one");
        IcmpSocket::open(&made, Family::V4).expect("a raw socket");
        PacketSocket::open(&made, PacketOptions { ifindex: 1, ..PacketOptions::default() })
            .expect("a packet socket");
        assert_eq!(Namespace::current().expect("still here").inode(), own.inode());
        assert_eq!(children(), Vec::<libc::pid_t>::new());
    });
}

/// The children of this process that it has not taken the end of.
fn children() -> Vec<libc::pid_t> {
    // SAFETY: an all-zero siginfo_t is valid; waitid writes it, and leaves the child as it is.
    let (found, info) = unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT | libc::__WALL;
        (libc::waitid(libc::P_ALL, 0, &raw mut info, flags), info)
    };
    // SAFETY: it is of a child, or all zero.
    let pid = unsafe { info.si_pid() };
    if found == 0 && pid != 0 { vec![pid] } else { Vec::new() }
}

/// Puts the calling thread into a mount namespace with an empty /run, so that the machine's is untouched.
fn own_run_folder() {
    let flags = libc::MS_REC | libc::MS_PRIVATE;
    let (none, run, kind) = (c"none".as_ptr(), c"/run".as_ptr(), c"tmpfs".as_ptr());
    // SAFETY: unshare takes no memory, and mount C strings that live for ever.
    let refused = unsafe {
        libc::unshare(libc::CLONE_NEWNS)
            | libc::mount(none, c"/".as_ptr(), std::ptr::null(), flags, std::ptr::null())
            | libc::mount(none, run, kind, 0, std::ptr::null())
    };
    assert_eq!(refused, 0, "{}", SystemError::last("mount"));
}

/// What is mounted on /run/netns, and on names in it.
fn mounts_of_names() -> Vec<String> {
    let mounts = std::fs::read_to_string("/proc/thread-self/mountinfo").expect("mounts");
    mounts.lines().filter(|line| line.contains(" /run/netns")).map(str::to_owned).collect()
}

#[test]
fn a_name_is_what_ip_netns_has() {
    in_namespace(|_| {
        own_run_folder();
        // What the new /run hides is listed all the same.
        let hidden = mounts_of_names().len();
        let name = "rtap-io";
        let made = Namespace::create().expect("a namespace");
        made.bind(name).expect("a name");
        assert_eq!(made.bind(name).expect_err("taken").code(), "EEXIST");
        let folder = mounts_of_names();
        assert_eq!(folder.len(), hidden + 2, "the folder and the name: {folder:?}");
        assert!(folder[hidden].contains(" shared:"), "{folder:?}");
        assert!(ip("netns list").contains(name));
        let inode = made.inode();
        drop(made);
        let path = format!("/run/netns/{name}");
        assert_eq!(Namespace::open(Path::new(&path)).expect("it is kept").inode(), inode);
        Namespace::delete(name).expect("deleted");
        assert!(!Path::new(&path).exists());
        assert_eq!(Namespace::delete(name).expect_err("gone").code(), "ENOENT");
        ip(&format!("netns add {name}"));
        Namespace::delete(name).expect("ip's, too");
        for name in ["", ".", "..", "a/b"] {
            assert_eq!(Namespace::delete(name).expect_err("no name").code(), "EINVAL");
        }
    });
}
