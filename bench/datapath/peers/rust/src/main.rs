//! tun-rs as a forwarder: `forward-peers raw|batch|plain NAMESPACE`, as `../../c/forwarder.c` does it, on TUN.
//!
//! `raw` passes super-frames on with their headers, `batch` splits and joins them again as its documentation shows,
//! `plain` has no offload. A thread for each direction, as its blocking calls want it.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::thread;

use tun_rs::{DeviceBuilder, GROTable, IDEAL_BATCH_SIZE, SyncDevice, VIRTIO_NET_HDR_LEN};

const ROOM: usize = VIRTIO_NET_HDR_LEN + 65535;
/// What a segment of an MTU of 1,500 needs, and some.
const SEGMENT: usize = 2048;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, mode, namespace] = &arguments[..] else {
        return Err(io::Error::other("forward-peers raw|batch|plain NAMESPACE"));
    };
    let open = || DeviceBuilder::new().offload(mode != "plain").mtu(1500).build_sync();
    let one = Arc::new(open()?);
    let name = one.name()?;
    enter(namespace)?;
    let other = Arc::new(open()?);
    println!("{name} {}", other.name()?);
    let pass = if mode == "batch" { pass_batches } else { pass_raw };
    for (from, to) in [(&one, &other), (&other, &one)] {
        let (from, to) = (Arc::clone(from), Arc::clone(to));
        thread::spawn(move || pass(&from, &to));
    }
    io::stdin().read_to_end(&mut Vec::new())?;
    std::process::exit(0);
}

fn enter(namespace: &str) -> io::Result<()> {
    let file = File::open(namespace)?;
    // SAFETY: the file is open.
    match unsafe { libc::setns(file.as_raw_fd(), libc::CLONE_NEWNET) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// What comes is passed on as it is; what a device that is not up yet refuses is lost, as on a wire.
fn pass_raw(from: &SyncDevice, to: &SyncDevice) {
    let mut bytes = vec![0; ROOM];
    while let Ok(length) = from.recv(&mut bytes) {
        let _ = to.send(&bytes[..length]);
    }
}

fn pass_batches(from: &SyncDevice, to: &SyncDevice) {
    let mut original = vec![0; ROOM];
    // Segments are joined only where there is room for all of them.
    let mut frames: Vec<Vec<u8>> = (0..IDEAL_BATCH_SIZE).map(|_| Vec::with_capacity(ROOM)).collect();
    frames.iter_mut().for_each(|frame| frame.resize(SEGMENT, 0));
    let mut sizes = vec![0; IDEAL_BATCH_SIZE];
    let mut table = GROTable::default();
    loop {
        let received =
            from.recv_multiple(&mut original, &mut frames, &mut sizes, VIRTIO_NET_HDR_LEN);
        let Ok(count) = received else { continue };
        for (frame, size) in frames.iter_mut().zip(&sizes).take(count) {
            frame.truncate(VIRTIO_NET_HDR_LEN + size);
        }
        let _ = to.send_multiple(&mut table, &mut frames[..count], VIRTIO_NET_HDR_LEN);
        for frame in &mut frames[..count] {
            frame.resize(SEGMENT, 0);
        }
    }
}
