//! TAP devices against the kernel: every test in a namespace of its own.

mod common;

use std::os::fd::{AsFd, AsRawFd};
use std::sync::Arc;

use common::{
    CAP_NET_ADMIN, CAP_SYS_ADMIN, PacketSocket, Slab, drop_capability, frame, has_link,
    in_namespace, ip, run_in,
};
use rtap_io::SystemError;
use rtap_io::device_file::DeviceFile;
use rtap_io::engine::{EngineKind, QueueEngine};
use rtap_io::namespace::{Namespace, NamespaceTarget};
use rtap_io::netlink_socket::NetlinkSocket;
use rtap_io::queue;
use rtap_io::tap::{TapDevice, TapOptions};

fn options(name: &str, queues: usize) -> TapOptions {
    TapOptions {
        name: name.to_owned(),
        queues,
        namespace: NamespaceTarget::Current,
        adopt: false,
        offloads: vec![0],
    }
}

fn adopt(name: &str, queues: usize) -> TapOptions {
    TapOptions { adopt: true, ..options(name, queues) }
}

fn open(queues: usize) -> TapDevice {
    TapDevice::open(&options("rtap%d", queues)).expect("a device")
}

/// The first queue, with the device's engine.
fn first_queue(device: &TapDevice) -> QueueEngine<Arc<DeviceFile>> {
    QueueEngine::new(device.queues().remove(0), Arc::clone(device.engine()))
}

/// Runs a test in a namespace of its own with each engine.
fn with_each_engine(test: impl Fn(&TapDevice, QueueEngine<Arc<DeviceFile>>) + Send + Sync) {
    for kind in [EngineKind::Syscall, EngineKind::IoUring] {
        in_namespace(|_| {
            let device = open(1);
            device.set_engine(kind).expect("an open device");
            if let Some(refusal) = device.engine().refusal() {
                eprintln!("skipped: kernel lacks io_uring: {refusal}");
                return;
            }
            test(&device, first_queue(&device));
            assert_eq!(device.engine().in_use(), kind);
        });
    }
}

fn code(result: Result<TapDevice, SystemError>) -> &'static str {
    result.err().map_or("none", |error| error.code())
}

/// Waits for POLLERR on the device's own file, asking for no events.
fn poll_error(device: &TapDevice, timeout: i32) -> bool {
    let anchor = device.anchor().expect("an open device");
    let mut poll = libc::pollfd { fd: anchor.as_fd().as_raw_fd(), events: 0, revents: 0 };
    // SAFETY: `poll` is one pollfd, alive during the call.
    let ready = unsafe { libc::poll(&raw mut poll, 1, timeout) };
    ready == 1 && poll.revents == libc::POLLERR
}

#[test]
fn opens_a_device_that_ip_sees_and_close_removes() {
    in_namespace(|namespace| {
        let device = open(3);
        let identity = device.identity_at_open().clone();
        assert_eq!(identity.name, "rtap0");
        assert_eq!(device.identity(), Ok(identity.clone()));
        assert_eq!(device.namespace_inode(), namespace.inode());
        assert_eq!((device.multi_queue(), device.queues().len()), (true, 3));
        let shown = ip("-d link show dev rtap0");
        assert!(shown.starts_with(&format!("{}: rtap0:", identity.ifindex)), "{shown}");
        assert!(shown.contains("tun type tap pi off vnet_hdr on multi_queue"), "{shown}");
        assert!(shown.contains("numqueues 3 numdisabled 1"), "{shown}");
        device.close();
        assert!(!has_link("rtap0"));
        device.close();
        assert_eq!(device.identity().map_err(|error| error.code()), Err("EBADF"));
    });
}

#[test]
fn opens_in_a_namespace_that_this_thread_is_not_in() {
    in_namespace(|_| {
        let other = Namespace::create().expect("a namespace");
        let target = NamespaceTarget::Open(other.clone());
        let device = TapDevice::open(&TapOptions { namespace: target, ..options("far0", 1) })
            .expect("a device");
        assert!(!has_link("far0"));
        assert!(run_in(&other, || has_link("far0")));
        device.set_queues(2).expect("queues over there");
        assert_eq!(device.queues().len(), 2);
    });
}

/// How many file descriptors this process has of a namespace.
fn handles(namespace: &Namespace) -> usize {
    let link = format!("net:[{}]", namespace.inode());
    std::fs::read_dir("/proc/self/fd")
        .expect("files")
        .filter_map(|file| std::fs::read_link(file.ok()?.path()).ok())
        .filter(|target| target.as_os_str() == link.as_str())
        .count()
}

#[test]
fn lets_go_of_its_namespace_when_closed() {
    in_namespace(|_| {
        let other = Namespace::create().expect("a namespace");
        let path = format!("/proc/self/fd/{}", other.as_fd().as_raw_fd());
        let namespace = NamespaceTarget::Path(path.into());
        let device = TapDevice::open(&TapOptions { namespace, ..options("far0", 1) });
        let device = device.expect("a device");
        assert_eq!(handles(&other), 2);
        device.close();
        assert_eq!(handles(&other), 1);
        assert_eq!(device.namespace_inode(), other.inode());
    });
}

#[test]
fn reads_what_a_packet_socket_sends() {
    with_each_engine(|device, mut queue| {
        ip("link set dev rtap0 up");
        let socket = PacketSocket::open(device.identity_at_open().ifindex);
        let sent: Vec<Vec<u8>> = (0..20).map(|n| frame(60 + usize::from(n) * 70, n)).collect();
        for bytes in &sent {
            socket.send(bytes);
        }
        let mut slab = Slab::new();
        let mut received = Vec::new();
        loop {
            let count = queue.rx_burst(slab.memory(), 8).expect("a burst");
            if count == 0 {
                break;
            }
            for (index, bytes) in slab.frames(count).into_iter().enumerate() {
                assert_eq!(slab.words[2 * index] % 64, 10);
                // The kernel's own frames (IPv6 on a new interface) are not of this test.
                if bytes[12..14] == common::ETHERTYPE.to_be_bytes() {
                    received.push(bytes.to_vec());
                }
            }
        }
        assert_eq!(received, sent);
    });
}

#[test]
fn sends_what_a_packet_socket_reads() {
    with_each_engine(|device, mut queue| {
        ip("link set dev rtap0 up");
        let socket = PacketSocket::open(device.identity_at_open().ifindex);
        let mut slab = Slab::new();
        let frames = vec![frame(60, 1), frame(1514, 2), frame(14, 3)];
        slab.fill(&frames);
        // The second is skipped; a fourth is none.
        slab.words[3] = 0;
        slab.words[6] = 20_000_000;
        slab.words[7] = 60;
        assert_eq!(queue.tx_burst(slab.memory(), 0, 4), Ok(4));
        assert_eq!(slab.counters, [0, 0, 0, 2, 74, 1]);
        assert_eq!(socket.receive(), frames[0]);
        assert_eq!(socket.receive(), frames[2]);
        let statistics = ip("-s link show dev rtap0");
        let received = statistics.lines().skip_while(|line| !line.contains("RX:")).nth(1);
        let figures: Vec<&str> = received.unwrap_or_default().split_whitespace().take(2).collect();
        assert_eq!(figures, ["74", "2"], "{statistics}");
    });
}

#[test]
fn says_that_the_link_is_down() {
    with_each_engine(|_, mut queue| {
        let mut slab = Slab::new();
        slab.fill(&[frame(60, 1)]);
        let error = queue.tx_burst(slab.memory(), 0, 1).expect_err("link down");
        assert_eq!((error.code(), error.syscall()), ("EIO", "write"));
        assert_eq!(queue.rx_burst(slab.memory(), 8), Ok(0));
        assert_eq!(slab.counters, [0; 6]);
    });
}

#[test]
fn discards_what_is_queued() {
    in_namespace(|_| {
        let device = open(1);
        ip("link set dev rtap0 up");
        let socket = PacketSocket::open(device.identity_at_open().ifindex);
        for n in 0..50 {
            socket.send(&frame(1000, n));
        }
        let queue = &device.queues()[0];
        assert!(queue::discard(queue.as_fd()).expect("frames") >= 50);
        let mut slab = Slab::new();
        assert_eq!(queue::rx_burst(queue.as_fd(), slab.memory(), 8), Ok(0));
    });
}

#[test]
fn tells_of_the_removal() {
    with_each_engine(|device, mut queue| {
        assert!(!poll_error(device, 0));
        ip("link del dev rtap0");
        assert!(poll_error(device, 5000));
        let mut slab = Slab::new();
        slab.fill(&[frame(60, 1)]);
        let read = queue.rx_burst(slab.memory(), 8);
        assert_eq!(read.map_err(|error| error.code()), Err("EBADFD"));
        slab.fill(&[frame(60, 1)]);
        let written = queue.tx_burst(slab.memory(), 0, 1);
        assert_eq!(written.map_err(|error| error.code()), Err("EBADFD"));
        assert_eq!(device.identity().map_err(|error| error.code()), Err("EBADFD"));
        assert_eq!(device.set_queues(1).map_err(|error| error.code()), Err("EBADFD"));
        assert_eq!(device.set_carrier(true).map_err(|error| error.code()), Err("EBADFD"));
        let ring = device.set_engine(EngineKind::IoUring);
        assert_eq!(ring.map_err(|error| error.code()), Err("EBADFD"));
        assert_eq!(device.set_persist(true).map_err(|error| error.code()), Err("EBADFD"));
    });
}

#[test]
fn keeps_the_device_while_its_queues_change() {
    in_namespace(|_| {
        let device = open(1);
        let ifindex = device.identity_at_open().ifindex;
        ip("link set dev rtap0 address 02:00:00:00:00:aa");
        for count in [4, 1, 128] {
            device.set_queues(count).expect("queues");
            assert_eq!(device.queues().len(), count);
            let shown = ip("-d link show dev rtap0");
            assert!(shown.contains(&format!("numqueues {count} numdisabled 1")), "{shown}");
            assert!(shown.contains("02:00:00:00:00:aa"), "it is another device: {shown}");
        }
        ip("link set dev rtap0 name other0");
        device.set_queues(2).expect("queues of a renamed device");
        let identity = device.identity().expect("an identity");
        assert_eq!((identity.name.as_str(), identity.ifindex), ("other0", ifindex));
        assert!(!has_link("rtap0"));
    });
}

#[test]
fn never_takes_another_device_for_its_own() {
    in_namespace(|_| {
        let device = open(1);
        let _other = move_away();
        // A device of the same name where it was.
        ip("tuntap add dev rtap0 mode tap multi_queue");
        let error = device.set_queues(1).expect_err("it is elsewhere");
        assert_eq!(error.code(), "ENODEV");
        assert!(device.queues().is_empty());
        assert!(ip("-d link show dev rtap0").contains("numqueues 0 numdisabled 0"));
    });
}

/// Moves rtap0 into a new namespace, which is returned.
fn move_away() -> Namespace {
    let other = Namespace::create().expect("a namespace");
    let path = format!("/proc/{}/fd/{}", std::process::id(), other.as_fd().as_raw_fd());
    ip(&format!("link set dev rtap0 netns {path}"));
    other
}

#[test]
fn does_not_believe_a_namesake() {
    in_namespace(|_| {
        let device = open(1);
        let opened = device.identity_at_open().clone();
        let other = move_away();
        for _ in 0..2 {
            let error = device.identity().expect_err("it is elsewhere");
            assert_eq!((error.code(), error.syscall()), ("ENODEV", "ioctl TUNGETDEVNETNS"));
            assert_eq!(error.hint(), Some("the interface was moved to another network namespace"));
            // The second time an interface has its name and its number.
            if !has_link("rtap0") {
                ip(&format!("link add rtap0 index {} type veth peer name pair0", opened.ifindex));
            }
        }
        ip("link del dev rtap0");
        run_in(&other, || ip("link del dev rtap0"));
        assert_eq!(device.identity().map_err(|error| error.code()), Err("EBADFD"));
    });
}

#[test]
fn follows_its_interface_there_and_back() {
    in_namespace(|namespace| {
        let device = open(2);
        let opened = device.identity_at_open().clone();
        assert_eq!(
            device.follow().map(|(place, identity)| (place.inode(), identity)),
            Ok((namespace.inode(), opened.clone())),
            "it is where it was"
        );
        let other = move_away();
        let (place, identity) = device.follow().expect("the right to follow");
        assert_eq!((place.inode(), &identity), (other.inode(), &opened));
        assert_eq!(device.identity(), Ok(opened));
        device.set_queues(3).expect("queues over there");
        let shown = run_in(&other, || ip("-d link show dev rtap0"));
        assert!(shown.contains("numqueues 3 numdisabled 1"), "{shown}");
        assert!(!has_link("rtap0"));
        // Back, under another name, where its number is taken.
        ip(&format!("link add pair0 index {} type veth peer name pair1", identity.ifindex));
        let back = format!("/proc/{}/fd/{}", std::process::id(), namespace.as_fd().as_raw_fd());
        run_in(&other, || ip(&format!("link set dev rtap0 netns {back} name back0")));
        assert_eq!(device.identity().map_err(|error| error.code()), Err("ENODEV"));
        let (place, returned) = device.follow().expect("it is at home");
        assert_eq!((place.inode(), returned.name.as_str()), (namespace.inode(), "back0"));
        assert_ne!(returned.ifindex, identity.ifindex);
        assert!(ip("link show dev back0").starts_with(&format!("{}: ", returned.ifindex)));
        device.set_queues(1).expect("queues at home");
        assert!(ip("-d link show dev back0").contains("numqueues 1 numdisabled 1"));
        assert_eq!(device.queues().len(), 1);
    });
}

#[test]
fn follows_with_the_one_queue_that_it_has() {
    in_namespace(|_| {
        ip("tuntap add dev rtap0 mode tap");
        let device = TapDevice::open(&adopt("rtap0", 1)).expect("a device");
        let before = device.queues()[0].as_fd().as_raw_fd();
        let other = move_away();
        let (place, identity) = device.follow().expect("the right to follow");
        assert_eq!((place.inode(), identity.name.as_str()), (other.inode(), "rtap0"));
        device.set_queues(1).expect("the queue it has");
        assert_eq!(device.queues()[0].as_fd().as_raw_fd(), before);
        let index = device.identity().expect("an identity").ifindex;
        let frame = frame(60, 7);
        let mut slab = Slab::new();
        slab.fill(std::slice::from_ref(&frame));
        let queue = &device.queues()[0];
        let received = run_in(&other, || {
            ip("link set dev rtap0 up");
            let socket = PacketSocket::open(index);
            assert_eq!(queue::tx_burst(queue.as_fd(), slab.memory(), 0, 1), Ok(1));
            socket.receive()
        });
        assert_eq!(received, frame);
    });
}

#[test]
fn keeps_nothing_of_the_namespaces_that_it_leaves() {
    in_namespace(|namespace| {
        let device = open(1);
        let home = handles(namespace);
        let other = move_away();
        let mut places = Vec::new();
        for _ in 0..3 {
            places.push(device.follow().expect("the right to follow"));
        }
        assert_eq!((handles(namespace), handles(&other)), (home - 1, 2), "one of its own");
        drop(places);
        assert_eq!(handles(&other), 2);
        device.close();
        assert_eq!(handles(&other), 1);
        assert_eq!(device.follow().map_err(|error| error.code()).err(), Some("EBADF"));
    });
}

#[test]
fn has_nowhere_to_follow_when_the_interface_is_gone() {
    in_namespace(|_| {
        let device = open(1);
        let other = move_away();
        run_in(&other, || ip("link del dev rtap0"));
        assert_eq!(device.follow().map_err(|error| error.code()).err(), Some("EBADFD"));
        // With the namespace itself, too.
        let device = open(1);
        drop(move_away());
        assert!(poll_error(&device, 5000));
        assert_eq!(device.follow().map_err(|error| error.code()).err(), Some("EBADFD"));
    });
}

#[test]
fn says_which_right_it_lacks_to_follow() {
    in_namespace(|namespace| {
        for (capability, call, hint) in [
            (CAP_SYS_ADMIN, "setns", "CAP_SYS_ADMIN"),
            (CAP_NET_ADMIN, "ioctl TUNGETDEVNETNS", "CAP_NET_ADMIN"),
        ] {
            let device = open(1);
            let other = move_away();
            let home = handles(namespace);
            // A thread of its own: it loses the right for good.
            let error = std::thread::scope(|scope| {
                let powerless = scope.spawn(|| {
                    drop_capability(capability);
                    device.follow().expect_err("it has not the right")
                });
                powerless.join().expect("the thread")
            });
            assert_eq!((error.code(), error.syscall()), ("EPERM", call));
            assert!(error.hint().is_some_and(|text| text.contains(hint)), "{:?}", error.hint());
            // It is as it was: nothing leaks, and the right that comes later is used.
            assert_eq!((handles(namespace), handles(&other)), (home, 1));
            assert_eq!(device.identity().map_err(|error| error.code()), Err("ENODEV"));
            assert_eq!(device.follow().expect("the right").0.inode(), other.inode());
        }
    });
}

#[test]
fn makes_nothing_where_a_moved_device_was() {
    in_namespace(|_| {
        let device = open(2);
        let ifindex = device.identity_at_open().ifindex;
        let socket = NetlinkSocket::open(&[1], None).expect("a socket"); // RTNLGRP_LINK
        let other = move_away();
        let mut buffer = vec![0; 65_536];
        while socket.receive(&mut buffer).expect("received").is_some() {}
        let error = device.set_queues(3).expect_err("it is elsewhere");
        assert_eq!(error.code(), "ENODEV");
        assert_eq!(error.hint(), Some("the interface was moved to another network namespace"));
        assert!(device.queues().is_empty());
        assert_eq!(socket.receive(&mut buffer), Ok(None), "an interface came and went");
        // The kernel counts the interfaces of a namespace: the next one has the next number.
        ip("tuntap add dev next0 mode tap");
        assert!(ip("link show dev next0").starts_with(&format!("{}: ", ifindex + 1)));
        let shown = run_in(&other, || ip("-d link show dev rtap0"));
        assert!(shown.contains("numqueues 0 numdisabled 1"), "{shown}");
    });
}

#[test]
fn drops_and_raises_the_carrier() {
    in_namespace(|_| {
        let device = open(1);
        ip("link set dev rtap0 up");
        device.set_carrier(false).expect("carrier down");
        assert!(ip("link show dev rtap0").contains("NO-CARRIER"));
        device.set_carrier(true).expect("carrier up");
        assert!(!ip("link show dev rtap0").contains("NO-CARRIER"));
    });
}

#[test]
fn creates_only_what_is_not_there() {
    in_namespace(|_| {
        ip("tuntap add dev taken0 mode tap multi_queue");
        assert_eq!(code(TapDevice::open(&options("taken0", 1))), "EBUSY");
        assert_eq!(code(TapDevice::open(&options("a/b", 1))), "EINVAL");
        assert!(ip("-d link show dev taken0").contains("numqueues 0 numdisabled 0"));
    });
}

#[test]
fn adopts_only_what_is_there() {
    in_namespace(|_| {
        assert_eq!(code(TapDevice::open(&adopt("none0", 1))), "ENODEV");
        assert!(!has_link("none0"));
        ip("link add dev pair0 type veth peer name pair1");
        assert_eq!(code(TapDevice::open(&adopt("pair0", 1))), "EINVAL");
        ip("tuntap add dev point0 mode tun");
        assert_eq!(code(TapDevice::open(&adopt("point0", 1))), "EINVAL");
    });
}

#[test]
fn adopts_a_device_with_several_queues() {
    in_namespace(|_| {
        ip("tuntap add dev mine0 mode tap multi_queue");
        let device = TapDevice::open(&adopt("mine0", 2)).expect("a device");
        assert!(device.multi_queue());
        let shown = ip("-d link show dev mine0");
        assert!(shown.contains("vnet_hdr on"), "{shown}");
        assert!(shown.contains("numqueues 2 numdisabled 1"), "{shown}");
        device.close();
        assert!(has_link("mine0"), "it is persistent");
    });
}

#[test]
fn adopts_a_device_with_one_queue() {
    in_namespace(|_| {
        ip("tuntap add dev one0 mode tap");
        let error = TapDevice::open(&adopt("one0", 2)).expect_err("it has one queue");
        assert_eq!(error.code(), "EINVAL");
        assert!(error.hint().is_some_and(|hint| hint.contains("multi_queue")));
        let device = TapDevice::open(&adopt("one0", 1)).expect("a device");
        assert!(!device.multi_queue());
        let before = device.queues()[0].as_fd().as_raw_fd();
        device.set_queues(1).expect("the queue it has");
        assert_eq!(device.queues()[0].as_fd().as_raw_fd(), before);
        assert_eq!(device.set_queues(2).map_err(|error| error.code()), Err("EINVAL"));
        assert_eq!(code(TapDevice::open(&adopt("one0", 1))), "EBUSY");
        ip("link del dev one0");
        assert!(poll_error(&device, 5000));
    });
}

#[test]
fn leaves_a_persistent_device_behind() {
    in_namespace(|_| {
        let device = TapDevice::open(&options("stays0", 2)).expect("a device");
        device.set_persist(true).expect("persistent");
        assert!(ip("-d link show dev stays0").contains("persist on"));
        device.close();
        assert_eq!(device.set_persist(true).map_err(|error| error.code()), Err("EBADF"));
        assert!(has_link("stays0"));
        let device = TapDevice::open(&adopt("stays0", 1)).expect("the same again");
        device.set_persist(false).expect("not persistent");
        device.close();
        assert!(!has_link("stays0"));
    });
}
