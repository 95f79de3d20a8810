//! The `io_uring` engine on TAP devices: where it is forbidden, and that nothing of it stays.

mod common;

use std::os::fd::{AsFd, AsRawFd};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use common::{PacketSocket, Slab, drop_capability, frame, in_namespace, ip};
use rtap_io::SystemError;
use rtap_io::device_file::DeviceFile;
use rtap_io::engine::{EngineKind, QueueEngine};
use rtap_io::namespace::NamespaceTarget;
use rtap_io::tap::{TapDevice, TapOptions};

const CAP_IPC_LOCK: u32 = 14;

type Queue = QueueEngine<Arc<DeviceFile>>;

/// A device that is up, nothing of the kernel's own on it, and `io_uring` asked for.
fn open(name: &str) -> TapDevice {
    let device = TapDevice::open(&TapOptions {
        name: name.to_owned(),
        queues: 1,
        namespace: NamespaceTarget::Current,
        adopt: false,
        offloads: vec![0],
    })
    .expect("a device");
    std::fs::write(format!("/proc/sys/net/ipv6/conf/{name}/disable_ipv6"), "1").expect("IPv6");
    ip(&format!("link set dev {name} up"));
    device.set_engine(EngineKind::IoUring).expect("an open device");
    device
}

fn first_queue(device: &TapDevice) -> Queue {
    QueueEngine::new(device.queues().remove(0), Arc::clone(device.engine()))
}

/// Whether the device has the engine; if it can't be had here, says so.
fn has_ring(device: &TapDevice) -> bool {
    if let Some(refusal) = device.engine().refusal() {
        eprintln!("skipped: kernel lacks io_uring: {refusal}");
    }
    device.engine().in_use() == EngineKind::IoUring
}

/// Receives and sends a frame.
fn passes_frames(device: &TapDevice, queue: &mut Queue) {
    let socket = PacketSocket::open(device.identity_at_open().ifindex);
    let mut slab = Slab::new();
    let bytes = frame(60, 7);
    socket.send(&bytes);
    assert_eq!(queue.rx_burst(slab.memory(), 8), Ok(1));
    assert_eq!(slab.frames(1), [&bytes[..]]);
    assert_eq!(queue.tx_burst(slab.memory(), 0, 1), Ok(1));
    assert_eq!(socket.receive(), bytes);
    assert_eq!(slab.counters, [1, 60, 0, 1, 60, 0]);
}

/// Lets a system call of this thread fail, as sandboxes do.
fn forbid(call: libc::c_long, errno: i32) {
    let line = |code: u32, jump_if_true: u8, jump_if_false: u8, operand: u32| libc::sock_filter {
        code: u16::try_from(code).expect("a code"),
        jt: jump_if_true,
        jf: jump_if_false,
        k: operand,
    };
    let mut program = [
        // The first word of struct seccomp_data is the call's number.
        line(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, 0),
        line(
            libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K,
            0,
            1,
            u32::try_from(call).expect("a call"),
        ),
        line(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ERRNO | errno.cast_unsigned()),
        line(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog { len: 4, filter: program.as_mut_ptr() };
    // SAFETY: the call takes numbers.
    let barred = unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) };
    assert_eq!(barred, 0, "{}", SystemError::last("prctl PR_SET_NO_NEW_PRIVS"));
    // SAFETY: the program lives during the call.
    let set =
        unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) };
    assert_eq!(set, 0, "{}", SystemError::last("prctl PR_SET_SECCOMP"));
}

/// Runs a test with another limit of this process, which is put back.
fn with_limit(resource: libc::__rlimit_resource_t, limit: u64, test: impl FnOnce()) {
    let mut before = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the structure lives during the call.
    assert_eq!(unsafe { libc::getrlimit(resource, &raw mut before) }, 0);
    let changed = libc::rlimit { rlim_cur: limit, ..before };
    // SAFETY: as above.
    assert_eq!(unsafe { libc::setrlimit(resource, &raw const changed) }, 0);
    test();
    // SAFETY: as above.
    assert_eq!(unsafe { libc::setrlimit(resource, &raw const before) }, 0);
}

/// The numbers of the files that are rings.
fn rings() -> usize {
    std::fs::read_dir("/proc/self/fd")
        .expect("files")
        .filter_map(|file| std::fs::read_link(file.ok()?.path()).ok())
        .filter(|target| target == Path::new("anon_inode:[io_uring]"))
        .count()
}

#[test]
fn forbidden_by_a_sandbox_the_other_engine_works() {
    for (errno, code, word) in [
        (libc::EPERM, "EPERM", "seccomp"),
        (libc::EACCES, "EACCES", "seccomp"),
        (libc::ENOSYS, "ENOSYS", "without io_uring"),
        (libc::ENOMEM, "ENOMEM", "RLIMIT_MEMLOCK"),
    ] {
        in_namespace(|_| {
            forbid(libc::SYS_io_uring_setup, errno);
            let device = open("ring0");
            assert_eq!(device.engine().in_use(), EngineKind::Syscall);
            let refusal = device.engine().refusal().expect("a reason");
            assert_eq!((refusal.code(), refusal.syscall()), (code, "io_uring_setup"));
            assert!(refusal.hint().is_some_and(|hint| hint.contains(word)), "{refusal:?}");
            passes_frames(&device, &mut first_queue(&device));
        });
    }
}

#[test]
fn a_file_that_must_not_be_registered_is_a_refusal_too() {
    in_namespace(|_| {
        forbid(libc::SYS_io_uring_register, libc::EPERM);
        let device = open("ring0");
        let refusal = device.engine().refusal().expect("a reason");
        assert_eq!(refusal.code(), "EPERM");
        assert_eq!(rings(), 0);
        passes_frames(&device, &mut first_queue(&device));
    });
}

#[test]
fn forbidden_later_the_other_engine_goes_on() {
    in_namespace(|_| {
        let device = open("ring0");
        if !has_ring(&device) {
            return;
        }
        let mut queue = first_queue(&device);
        passes_frames(&device, &mut queue);
        assert_eq!((device.engine().in_use(), rings()), (EngineKind::IoUring, 1));
        forbid(libc::SYS_io_uring_enter, libc::EPERM);
        passes_frames(&device, &mut queue);
        let refusal = device.engine().refusal().expect("a reason");
        assert_eq!((refusal.code(), refusal.syscall()), ("EPERM", "io_uring_enter"));
        assert_eq!((device.engine().in_use(), rings()), (EngineKind::Syscall, 0));
    });
}

#[test]
fn a_thread_that_may_have_no_ring_gets_the_other_engine() {
    in_namespace(|_| {
        let device = open("ring0");
        if !has_ring(&device) {
            return;
        }
        let mut queue = first_queue(&device);
        let mut slab = Slab::new();
        // SAFETY: dup takes numbers; the copy is closed below.
        let next = unsafe { libc::dup(0) };
        // SAFETY: it was made above, and nobody else knows it.
        unsafe { libc::close(next) };
        with_limit(libc::RLIMIT_NOFILE, u64::try_from(next).expect("a file"), || {
            assert_eq!(queue.rx_burst(slab.memory(), 8), Ok(0));
        });
        assert_eq!(device.engine().refusal().map(|refusal| refusal.code()), Some("EMFILE"));
        passes_frames(&device, &mut queue);
        // Asked for again it is had again.
        device.set_engine(EngineKind::IoUring).expect("an open device");
        passes_frames(&device, &mut queue);
        assert_eq!((device.engine().in_use(), rings()), (EngineKind::IoUring, 1));
    });
}

#[test]
fn works_without_memory_that_may_be_locked() {
    in_namespace(|_| {
        let device = open("ring0");
        drop_capability(CAP_IPC_LOCK);
        with_limit(libc::RLIMIT_MEMLOCK, 0, || {
            device.set_engine(EngineKind::IoUring).expect("an open device");
            // Kernels before 5.12 count rings as locked memory.
            if let Some(refusal) = device.engine().refusal() {
                assert_eq!(refusal.code(), "ENOMEM");
            }
            passes_frames(&device, &mut first_queue(&device));
        });
    });
}

#[test]
fn leaves_no_file_and_no_interface_behind() {
    in_namespace(|_| {
        // limits: the kernel takes a ring apart in its own time, and the name was taken for so long.
        for _ in 0..200 {
            let device = open("ring0");
            if !has_ring(&device) {
                return;
            }
            let mut queue = first_queue(&device);
            let mut slab = Slab::new();
            assert_eq!(queue.rx_burst(slab.memory(), 64), Ok(0));
            assert_eq!(rings(), 1);
            drop(queue);
            device.close();
            assert_eq!(rings(), 0);
        }
        assert!(!common::has_link("ring0"));
    });
}

#[test]
fn an_idle_queue_takes_no_frame_and_wakes_for_each() {
    in_namespace(|_| {
        let device = open("ring0");
        let mut queue = first_queue(&device);
        let mut slab = Slab::new();
        let socket = PacketSocket::open(device.identity_at_open().ifindex);
        let ready = |timeout: Duration| {
            let fd = device.queues()[0].as_fd().as_raw_fd();
            let mut poll = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
            let timeout = i32::try_from(timeout.as_millis()).expect("a short time");
            // SAFETY: `poll` is one pollfd, alive during the call.
            unsafe { libc::poll(&raw mut poll, 1, timeout) == 1 }
        };
        for round in 1..=3 {
            assert_eq!(queue.rx_burst(slab.memory(), 64), Ok(0));
            assert!(!ready(Duration::ZERO));
            // A read that had stayed with the kernel would take these, and nobody would wake.
            for number in 0..round {
                socket.send(&frame(60, number));
            }
            assert!(ready(Duration::from_secs(5)));
            assert_eq!(queue.rx_burst(slab.memory(), 64), Ok(usize::from(round)));
            for (number, bytes) in slab.frames(usize::from(round)).into_iter().enumerate() {
                assert_eq!(bytes, frame(60, u8::try_from(number).expect("small")));
            }
        }
    });
}

#[test]
fn reads_frames_whole_after_the_mtu_was_raised() {
    in_namespace(|_| {
        let device = open("ring0");
        let mut queue = first_queue(&device);
        let mut slab = Slab::new();
        let socket = PacketSocket::open(device.identity_at_open().ifindex);
        for mtu in [1500_u16, 9000, 65_521] {
            ip(&format!("link set dev ring0 mtu {mtu}"));
            let sent = [frame(60, 1), frame(usize::from(mtu) + 14, 2), frame(60, 3)];
            for bytes in &sent {
                socket.send(bytes);
            }
            assert_eq!(queue.rx_burst(slab.memory(), 64), Ok(3));
            assert_eq!(slab.frames(3), sent.each_ref().map(|bytes| &bytes[..]));
        }
    });
}

#[test]
fn a_frame_that_is_refused_takes_none_of_the_others_along() {
    in_namespace(|_| {
        let device = open("ring0");
        let mut queue = first_queue(&device);
        let mut slab = Slab::new();
        let socket = PacketSocket::open(device.identity_at_open().ifindex);
        let frames: Vec<Vec<u8>> = (0..100).map(|number| frame(60, number)).collect();
        slab.fill(&frames);
        // A header that asks for a checksum beyond the frame: EINVAL of the kernel's.
        for refused in [0, 3, 98] {
            let header = slab.words[2 * refused] as usize - rtap_io::queue::HEADER;
            slab.bytes[header] = 1;
            slab.bytes[header + 6..header + 8].fill(0xff);
        }
        assert_eq!(queue.tx_burst(slab.memory(), 0, 100), Ok(100));
        assert_eq!(slab.counters, [0, 0, 0, 97, 97 * 60, 3]);
        for (number, bytes) in frames.iter().enumerate() {
            if ![0, 3, 98].contains(&number) {
                assert_eq!(&socket.receive(), bytes);
            }
        }
    });
}
