//! Network namespaces with a name, as `ip netns` has them: a file in /run/netns that the namespace is
//! mounted on, which keeps it when this process has ended.

use std::ffi::{CStr, CString};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

use libc::c_ulong;

use super::Namespace;
use crate::error::SystemError;
use crate::syscall::retry;

/// Where names are: what iproute2 calls /var/run/netns.
const FOLDER: &CStr = c"/run/netns";

/// Gives a namespace a name. EEXIST when it is taken; nothing of the name is left then, or when a step fails.
pub(super) fn bind(namespace: &Namespace, name: &str) -> Result<(), SystemError> {
    let (path, target) = path_of(name)?;
    prepare_folder().map_err(needs_admin)?;
    OpenOptions::new().write(true).create_new(true).mode(0o000).open(&path).map_err(|error| {
        let error = needs_admin(SystemError::from_io(format!("open {path}"), &error));
        match error.errno() {
            libc::EEXIST => error.with_hint(
                "a network namespace of this name exists: open it by { name }, delete it, or choose another name",
            ),
            _ => error,
        }
    })?;
    let source = format!("/proc/thread-self/fd/{}", namespace.as_fd().as_raw_fd());
    mount(&c_string(&source)?, &target, libc::MS_BIND).map_err(|error| {
        // Nobody has mounted anything on it: it was made a moment ago, by us.
        let _ = fs::remove_file(&path);
        needs_admin(error)
    })
}

/// Takes a name away, as `ip netns del` does: the namespace ends when nothing else keeps it.
pub(super) fn delete(name: &str) -> Result<(), SystemError> {
    let (path, target) = path_of(name)?;
    let flags = libc::MNT_DETACH | libc::UMOUNT_NOFOLLOW;
    // SAFETY: `target` is a C string that is alive during the call.
    match retry("umount2", || unsafe { libc::umount2(target.as_ptr(), flags) }) {
        // EINVAL: a file that nothing is mounted on, which somebody has left behind.
        Err(error) if error.errno() != libc::EINVAL => {
            let error = SystemError::new(format!("umount2 {path}"), error.errno());
            return Err(needs_admin(match error.errno() {
                libc::ENOENT => error.with_hint("there is no network namespace of this name"),
                _ => error,
            }));
        }
        _ => {}
    }
    fs::remove_file(&path)
        .map_err(|error| needs_admin(SystemError::from_io(format!("unlink {path}"), &error)))
}

/// Makes the folder a shared mount point: a namespace that is unmounted here goes from everybody's view.
fn prepare_folder() -> Result<(), SystemError> {
    let path = FOLDER.to_string_lossy();
    DirBuilder::new()
        .recursive(true)
        .mode(0o755)
        .create(&*path)
        .map_err(|error| SystemError::from_io(format!("mkdir {path}"), &error))?;
    // As iproute2 takes it: two at once would mount it twice. It goes with the file.
    let folder =
        File::open(&*path).map_err(|error| SystemError::from_io(format!("open {path}"), &error))?;
    // SAFETY: flock takes no memory; `folder` is open during the call.
    retry("flock", || unsafe { libc::flock(folder.as_raw_fd(), libc::LOCK_EX) })?;
    match mount(c"", FOLDER, libc::MS_SHARED | libc::MS_REC) {
        // It isn't a mount point yet.
        Err(error) if error.errno() == libc::EINVAL => {
            mount(FOLDER, FOLDER, libc::MS_BIND | libc::MS_REC)?;
            mount(c"", FOLDER, libc::MS_SHARED | libc::MS_REC)
        }
        result => result,
    }
}

fn mount(source: &CStr, target: &CStr, flags: c_ulong) -> Result<(), SystemError> {
    // SAFETY: all are C strings that are alive during the call; these kinds of mount take no data.
    retry("mount", || unsafe {
        libc::mount(source.as_ptr(), target.as_ptr(), c"none".as_ptr(), flags, std::ptr::null())
    })?;
    Ok(())
}

/// The file of a name; EINVAL for a name that none can have.
fn path_of(name: &str) -> Result<(String, CString), SystemError> {
    let fits = !matches!(name, "" | "." | "..") && name.len() <= 255 && !name.contains('/');
    if !fits {
        return Err(SystemError::new("open", libc::EINVAL).with_hint(
            "the name of a network namespace is that of a file: 1 to 255 bytes, no slash",
        ));
    }
    let path = format!("{}/{name}", FOLDER.to_string_lossy());
    let target = c_string(&path)?;
    Ok((path, target))
}

fn c_string(path: &str) -> Result<CString, SystemError> {
    CString::new(path).map_err(|_| SystemError::new("open", libc::EINVAL))
}

fn needs_admin(error: SystemError) -> SystemError {
    match error.errno() {
        libc::EPERM | libc::EACCES => error.with_hint(
            "a network namespace with a name needs CAP_SYS_ADMIN and a writable /run/netns: run as root, or leave out the name",
        ),
        _ => error,
    }
}
