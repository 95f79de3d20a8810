//! A fresh network namespace per test, and judges that are not rtap's.

#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses a part of it")]
#![allow(unreachable_pub, missing_docs, reason = "a module of tests")]

pub mod packet;

use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::panic::resume_unwind;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;

use rtap_io::namespace::Namespace;
use rtap_io::{SystemError, control};

/// The `EtherType` for local experiments (IEEE 802): nothing else on a test's interface has it.
pub const ETHERTYPE: u16 = 0x88b5;

/// A process that another test starts has copies of this one's files from fork to exec: a queue that
/// was closed in that moment is still the kernel's.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Runs a test in a namespace of its own, or says why it can't.
pub fn in_namespace(test: impl FnOnce(&Namespace) + Send) {
    // SAFETY: geteuid takes nothing and can't fail.
    if unsafe { libc::geteuid() } != 0 {
        eprintln!("skipped: needs root");
        return;
    }
    if !std::path::Path::new("/dev/net/tun").exists() {
        eprintln!("skipped: needs /dev/net/tun");
        return;
    }
    if Command::new("ip").arg("-V").output().is_err() {
        eprintln!("skipped: needs ip: apt-get install iproute2");
        return;
    }
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let namespace = Namespace::create().expect("a namespace");
    run_in(&namespace, || test(&namespace));
}

/// Runs a task on a thread that is in `namespace`, and may wait as those of rtap; returns what it returns.
pub fn run_in<T: Send>(namespace: &Namespace, task: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            control::enter_thread();
            // SAFETY: setns takes no memory; the file descriptor is open as long as `namespace`.
            let entered = unsafe { libc::setns(namespace.as_fd().as_raw_fd(), libc::CLONE_NEWNET) };
            assert_eq!(entered, 0, "{}", SystemError::last("setns"));
            task()
        });
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// linux/capability.h
pub const CAP_NET_ADMIN: u32 = 12;
pub const CAP_SYS_ADMIN: u32 = 21;

/// Takes a right from the calling thread, and from threads that it starts.
pub fn drop_capability(capability: u32) {
    // struct __user_cap_header_struct of _LINUX_CAPABILITY_VERSION_3, for the calling thread.
    let mut header = [0x2008_0522_u32, 0];
    // Twice struct __user_cap_data_struct: effective, permitted, inheritable; 32 rights each.
    let mut data = [[0_u32; 3]; 2];
    // SAFETY: both pointers are those of arrays as large as the kernel's structures, alive here.
    let got = unsafe { libc::syscall(libc::SYS_capget, header.as_mut_ptr(), data.as_mut_ptr()) };
    assert_eq!(got, 0, "{}", SystemError::last("capget"));
    data[0][0] &= !(1 << capability);
    // SAFETY: as above.
    let set = unsafe { libc::syscall(libc::SYS_capset, header.as_mut_ptr(), data.as_mut_ptr()) };
    assert_eq!(set, 0, "{}", SystemError::last("capset"));
}

/// Runs `ip` in the namespace of the calling thread; its output, which has to be a success.
pub fn ip(arguments: &str) -> String {
    let output = Command::new("ip").args(arguments.split(' ')).output().expect("ip runs");
    assert!(output.status.success(), "ip {arguments}: {output:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// Whether `ip` finds the interface in the namespace of the calling thread.
pub fn has_link(name: &str) -> bool {
    let output = Command::new("ip").args(["link", "show", "dev", name]).output().expect("ip runs");
    output.status.success()
}

/// An Ethernet broadcast frame of `length` bytes, filled with `fill`.
pub fn frame(length: usize, fill: u8) -> Vec<u8> {
    let mut bytes = vec![fill; length];
    bytes[..6].fill(0xff);
    bytes[6..12].copy_from_slice(&[2, 0, 0, 0, 0, 9]);
    bytes[12..14].copy_from_slice(&ETHERTYPE.to_be_bytes());
    bytes
}

/// An `AF_PACKET` socket on one interface: the other side of a TAP.
pub struct PacketSocket(OwnedFd);

impl PacketSocket {
    pub fn open(ifindex: u32) -> Self {
        let protocol = ETHERTYPE.to_be();
        // SAFETY: socket takes no memory.
        let fd = unsafe {
            libc::socket(libc::AF_PACKET, libc::SOCK_RAW | libc::SOCK_CLOEXEC, protocol.into())
        };
        assert!(fd >= 0, "{}", SystemError::last("socket AF_PACKET"));
        // SAFETY: the file descriptor is new and nobody else's.
        let fd = unsafe { OwnedFd::from_raw_fd(fd) };
        // SAFETY: a sockaddr_ll is integers, for which zero is valid.
        let mut address: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
        address.sll_family = 17; // AF_PACKET
        address.sll_protocol = protocol;
        address.sll_ifindex = ifindex.cast_signed();
        // SAFETY: pointer and length are those of `address`.
        let bound =
            unsafe { libc::bind(fd.as_raw_fd(), (&raw const address).cast(), length_of(&address)) };
        assert_eq!(bound, 0, "{}", SystemError::last("bind"));
        let timeout = libc::timeval { tv_sec: 5, tv_usec: 0 };
        // SAFETY: pointer and length are those of `timeout`.
        let set = unsafe {
            libc::setsockopt(
                fd.as_raw_fd(),
                libc::SOL_SOCKET,
                libc::SO_RCVTIMEO,
                (&raw const timeout).cast(),
                length_of(&timeout),
            )
        };
        assert_eq!(set, 0, "{}", SystemError::last("setsockopt"));
        Self(fd)
    }

    pub fn send(&self, bytes: &[u8]) {
        // SAFETY: pointer and length are those of `bytes`.
        let sent = unsafe { libc::send(self.0.as_raw_fd(), bytes.as_ptr().cast(), bytes.len(), 0) };
        assert_eq!(usize::try_from(sent), Ok(bytes.len()), "{}", SystemError::last("send"));
    }

    /// The next frame that comes in from the device, not one that goes out to it.
    pub fn receive(&self) -> Vec<u8> {
        let mut bytes = vec![0; 65_536];
        // SAFETY: pointer and length are those of `bytes`.
        let length =
            unsafe { libc::recv(self.0.as_raw_fd(), bytes.as_mut_ptr().cast(), bytes.len(), 0) };
        assert!(length > 0, "{}", SystemError::last("recv"));
        bytes.truncate(length.cast_unsigned());
        bytes
    }
}

fn length_of<T>(_: &T) -> libc::socklen_t {
    libc::socklen_t::try_from(size_of::<T>()).expect("a small structure")
}

/// A slab with its descriptors and counters.
pub struct Slab {
    pub bytes: Vec<u8>,
    pub words: Vec<u32>,
    pub counters: [u64; 6],
}

impl Slab {
    pub fn new() -> Self {
        Self { bytes: vec![0; 256 * 1024], words: vec![0; 512], counters: [0; 6] }
    }

    pub fn memory(&mut self) -> rtap_io::queue::Memory<'_> {
        rtap_io::queue::Memory {
            slab: (&mut self.bytes[..]).into(),
            descriptors: (&mut self.words[..]).into(),
            counters: (&mut self.counters[..]).into(),
        }
    }

    /// The frames that descriptors 0 to `count - 1` describe.
    pub fn frames(&self, count: usize) -> Vec<&[u8]> {
        self.words[..2 * count]
            .chunks(2)
            .map(|pair| &self.bytes[pair[0] as usize..(pair[0] + pair[1]) as usize])
            .collect()
    }

    /// Puts frames in, each with an empty virtio-net header in front.
    pub fn fill(&mut self, frames: &[Vec<u8>]) {
        let mut position = 0;
        for (index, frame) in frames.iter().enumerate() {
            let start = position + rtap_io::queue::HEADER;
            self.bytes[position..start].fill(0);
            self.bytes[start..start + frame.len()].copy_from_slice(frame);
            self.words[2 * index] = u32::try_from(start).expect("a small slab");
            self.words[2 * index + 1] = u32::try_from(frame.len()).expect("a small slab");
            position = (start + frame.len()).next_multiple_of(64);
        }
    }
}
