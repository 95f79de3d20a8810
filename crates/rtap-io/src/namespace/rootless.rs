//! Network namespaces in a user namespace of their own, which need no privilege.
//!
//! Who makes a user namespace has all capabilities over what belongs to it, from outside, too: only
//! entering needs a process inside (`user_namespaces(7)`).

use std::ffi::CStr;
use std::fs;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use libc::c_int;

use crate::error::SystemError;
use crate::helper_process;
use crate::syscall::retry;

/// Makes a user namespace, in which root is the caller, and a network namespace of it: the latter's file.
pub(super) fn create() -> Result<OwnedFd, SystemError> {
    // SAFETY: these take nothing and can't fail.
    let (user, group) = unsafe { (libc::geteuid(), libc::getegid()) };
    let (user_map, group_map) = (format!("0 {user} 1"), format!("0 {group} 1"));
    let flags = libc::CLONE_NEWUSER | libc::CLONE_NEWNET;
    helper_process::run(flags, || {
        // Without this the kernel takes no map of groups from the unprivileged.
        let name = "write /proc/self/setgroups";
        write(c"/proc/self/setgroups", name, b"deny")?;
        write(c"/proc/self/uid_map", "write /proc/self/uid_map", user_map.as_bytes())?;
        write(c"/proc/self/gid_map", "write /proc/self/gid_map", group_map.as_bytes())?;
        open(c"/proc/self/ns/net", "open /proc/self/ns/net", libc::O_RDONLY)
    })
    .map_err(explain)
}

/// Moves a helper process into a user namespace, and then into a network namespace of it.
///
/// Only makes async-signal-safe calls, and allocates nothing.
pub(crate) fn join(user: BorrowedFd<'_>, network: BorrowedFd<'_>) -> Result<(), SystemError> {
    for (file, kind) in [(user, libc::CLONE_NEWUSER), (network, libc::CLONE_NEWNET)] {
        // SAFETY: setns takes no memory; the file descriptors are open during the calls.
        retry("setns", || unsafe { libc::setns(file.as_raw_fd(), kind) })?;
    }
    Ok(())
}

/// What is said when somebody may not join.
pub(super) fn not_ours(error: SystemError) -> SystemError {
    match error.errno() {
        libc::EPERM => error.with_hint(
            "the network namespace is a rootless one of another user: that needs CAP_SYS_ADMIN, run as root",
        ),
        _ => error,
    }
}

fn open(path: &CStr, name: &'static str, flags: c_int) -> Result<OwnedFd, SystemError> {
    // SAFETY: `path` is a C string that is alive during the call.
    let fd = retry(name, || unsafe { libc::open(path.as_ptr(), flags | libc::O_CLOEXEC) })?;
    // SAFETY: the kernel has just made this file descriptor, and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

fn write(path: &CStr, name: &'static str, bytes: &[u8]) -> Result<(), SystemError> {
    let file = open(path, name, libc::O_WRONLY)?;
    // SAFETY: pointer and length are those of `bytes`, alive during the call.
    retry(name, || unsafe { libc::write(file.as_raw_fd(), bytes.as_ptr().cast(), bytes.len()) })?;
    Ok(())
}

/// Says what forbids it, by the switches that systems have.
fn explain(error: SystemError) -> SystemError {
    let is =
        |path: &str, value: &str| fs::read_to_string(path).is_ok_and(|text| text.trim() == value);
    let hint = match error.errno() {
        libc::ENOSPC | libc::EUSERS if is("/proc/sys/user/max_user_namespaces", "0") => {
            "user namespaces are switched off: sudo sysctl user.max_user_namespaces=10000, or run as root without rootless"
        }
        libc::ENOSPC | libc::EUSERS => {
            "a limit of namespaces is reached: sysctl user.max_user_namespaces and user.max_net_namespaces, and 32 levels of user namespaces"
        }
        libc::EPERM | libc::EACCES if is("/proc/sys/kernel/unprivileged_userns_clone", "0") => {
            "user namespaces are for root alone: sudo sysctl kernel.unprivileged_userns_clone=1, or run as root without rootless"
        }
        libc::EPERM | libc::EACCES
            if is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1") =>
        {
            "AppArmor restricts user namespaces: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, a profile with the rule userns, or run as root without rootless"
        }
        libc::EPERM => {
            "user namespaces are forbidden here: by a container's seccomp filter, by chroot, or because this user has no number in this user namespace"
        }
        libc::EACCES => {
            "this process may not write its own files in /proc, as after a change of its user: start it as that user, with setpriv or su"
        }
        libc::EINVAL => "this kernel has no user namespaces (CONFIG_USER_NS)",
        _ => return error,
    };
    error.with_hint(hint)
}
