//! Devices that somebody else has opened: every test in a namespace of its own.

mod common;

use std::fs::{File, OpenOptions};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, IntoRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;

use common::{
    CAP_NET_ADMIN, PacketSocket, Slab, drop_capability, frame, has_link, in_namespace, ip, run_in,
};
use rtap_io::SystemError;
use rtap_io::engine::EngineKind;
use rtap_io::namespace::{Namespace, NamespaceTarget};
use rtap_io::netlink_socket::NetlinkSocket;
use rtap_io::tap::{AttachOptions, Expected, Files, TapDevice, TapOptions};

const ANY: libc::c_int = libc::IFF_TAP | libc::IFF_NO_PI;

/// A file of /dev/net/tun as another program would open it: to be waited for, and inherited.
fn node() -> OwnedFd {
    let file = OpenOptions::new().read(true).write(true).custom_flags(0).open("/dev/net/tun");
    OwnedFd::from(file.expect("/dev/net/tun"))
}

fn attached(name: &str, flags: libc::c_int) -> OwnedFd {
    let fd = node();
    // SAFETY: an ifreq is a name and a union of integers: zero is valid.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(name.bytes()) {
        *to = libc::c_char::from_ne_bytes([from]);
    }
    request.ifr_ifru.ifru_flags = libc::c_short::try_from(flags).expect("small flags");
    // SAFETY: TUNSETIFF takes an ifreq, which lives here.
    let result = unsafe { libc::ioctl(fd.as_raw_fd(), libc::TUNSETIFF, &raw mut request) };
    assert_eq!(result, 0, "{}", SystemError::last("TUNSETIFF"));
    fd
}

fn set_header_size(fd: BorrowedFd<'_>, length: libc::c_int) {
    // SAFETY: TUNSETVNETHDRSZ takes an int, which lives here.
    let result = unsafe { libc::ioctl(fd.as_raw_fd(), libc::TUNSETVNETHDRSZ, &raw const length) };
    assert_eq!(result, 0, "{}", SystemError::last("TUNSETVNETHDRSZ"));
}

fn header_size(fd: BorrowedFd<'_>) -> libc::c_int {
    let mut length = 0;
    // SAFETY: TUNGETVNETHDRSZ writes an int, which lives here.
    let result = unsafe { libc::ioctl(fd.as_raw_fd(), libc::TUNGETVNETHDRSZ, &raw mut length) };
    assert_eq!(result, 0, "{}", SystemError::last("TUNGETVNETHDRSZ"));
    length
}

/// `O_NONBLOCK` of the file, and `FD_CLOEXEC`.
fn flags(fd: BorrowedFd<'_>) -> (bool, bool) {
    // SAFETY: fcntl of an open file, without memory.
    let (status, descriptor) = unsafe {
        (libc::fcntl(fd.as_raw_fd(), libc::F_GETFL), libc::fcntl(fd.as_raw_fd(), libc::F_GETFD))
    };
    (status & libc::O_NONBLOCK != 0, descriptor & libc::FD_CLOEXEC != 0)
}

fn inheritable(fd: BorrowedFd<'_>) {
    // SAFETY: fcntl of an open file, without memory.
    unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFD, 0) };
}

/// Returns when the interface is gone: a control thread closes its last file.
fn until_gone(name: &str) {
    while has_link(name) {}
}

fn attach(fds: &[BorrowedFd<'_>]) -> Result<TapDevice, SystemError> {
    let numbers = fds.iter().map(AsRawFd::as_raw_fd).collect();
    TapDevice::attach(Files::Numbers(numbers), AttachOptions::default())
}

fn attach_own(fd: OwnedFd) -> TapDevice {
    let number = fd.into_raw_fd();
    let files = Files::Numbers(vec![number]);
    TapDevice::attach(files, AttachOptions::default()).expect("a device")
}

fn refusal(fds: &[BorrowedFd<'_>]) -> (&'static str, &'static str) {
    let error = attach(fds).expect_err("refused");
    (error.code(), error.hint().unwrap_or("no hint"))
}

#[test]
fn whatever_header_the_device_has_frames_pass_and_it_stays() {
    for (vnet, length) in [(true, 10), (true, 12), (true, 24), (false, 0)] {
        in_namespace(|_| {
            ip("link set lo up");
            let fd = attached("given0", ANY | if vnet { libc::IFF_VNET_HDR } else { 0 });
            if vnet {
                set_header_size(fd.as_fd(), length);
            }
            inheritable(fd.as_fd());
            assert_eq!(flags(fd.as_fd()), (false, false));
            let number = fd.as_raw_fd();
            let device = attach_own(fd);
            let queues = device.queues();
            let queue = &queues[0];
            assert_eq!(queue.as_fd().as_raw_fd(), number, "the file itself");
            assert_eq!(flags(queue.as_fd()), (true, true));
            assert_eq!(device.header(), usize::try_from(length).expect("small"));
            assert_eq!(device.identity_at_open().name, "given0");
            assert!(!device.multi_queue());

            ip("link set given0 up");
            let socket = PacketSocket::open(device.identity_at_open().ifindex);
            socket.send(&frame(200, 7));
            let mut slab = Slab::new();
            // The kernel sends of its own accord, too.
            let sent = loop {
                let count = queue.rx_burst(slab.memory(), 8).expect("a burst");
                if let Some(found) =
                    slab.frames(count).iter().position(|found| *found == frame(200, 7))
                {
                    break found;
                }
            };
            let offset = slab.words[2 * sent] as usize;
            assert_eq!(slab.bytes[offset - 10..offset], [0; 10], "nothing is left to be done");
            let (words, one) = (slab.words.clone(), 2 * sent);
            slab.words[..2].copy_from_slice(&words[one..one + 2]);
            assert_eq!(queue.tx_burst(slab.memory(), 0, 1), Ok(1));
            assert_eq!(socket.receive(), frame(200, 7));

            if vnet {
                assert_eq!(header_size(queue.as_fd()), length, "it is the device's, not ours");
            }
            device.set_engine(EngineKind::IoUring).expect("an open device");
            if length != 10 {
                let refusal = device.engine().refusal().expect("no ring");
                assert_eq!(
                    (refusal.code(), device.engine().in_use()),
                    ("EOPNOTSUPP", EngineKind::Syscall)
                );
            }
            assert_eq!(device.set_offloads(&[1, 0]), Ok(u32::from(vnet)));
            if !vnet {
                assert_eq!(device.set_offloads(&[1]).expect_err("no header").code(), "EINVAL");
            }
            assert_eq!(device.set_queues(1), Ok(()));
            assert_eq!(device.set_queues(2).expect_err("one").code(), "EINVAL");
            drop(queues);
            device.close();
            until_gone("given0");
            // SAFETY: fcntl takes any number.
            assert_eq!(unsafe { libc::fcntl(number, libc::F_GETFD) }, -1, "closed");
        });
    }
}

#[test]
fn several_files_are_the_queues_of_one_device() {
    in_namespace(|_| {
        let several = ANY | libc::IFF_VNET_HDR | libc::IFF_MULTI_QUEUE;
        let (one, two) = (attached("given0", several), attached("given0", several));
        let kept = one.try_clone().expect("a copy");
        let numbers = vec![one.into_raw_fd(), two.into_raw_fd()];
        let device = TapDevice::attach(Files::Numbers(numbers), AttachOptions::default());
        let device = device.expect("a device");
        assert_eq!(device.queues().len(), 2);
        device.set_queues(2).expect("those that it has");
        device.close();
        drop(device);
        assert!(has_link("given0"), "somebody else has it open");
        drop(kept);
        until_gone("given0");
    });
}

#[test]
fn what_is_no_queue_of_a_tap_is_refused_and_left_as_it_is() {
    in_namespace(|_| {
        let null = OwnedFd::from(File::open("/dev/null").expect("a file"));
        let (pipe, _writer) = std::io::pipe().expect("a pipe");
        let pipe = OwnedFd::from(pipe);
        let socket = std::net::UdpSocket::bind("127.0.0.1:0");
        let socket = OwnedFd::from(socket.expect("a socket"));
        let unattached = node();
        let tun = attached("tun0", libc::IFF_TUN | libc::IFF_NO_PI);
        let information = attached("pi0", libc::IFF_TAP);
        let several = ANY | libc::IFF_VNET_HDR | libc::IFF_MULTI_QUEUE;
        let (one, other) = (attached("one0", several), attached("other0", several));
        let detached = attached("one0", several);
        // SAFETY: an ifreq of zeros, and TUNSETQUEUE takes one.
        unsafe {
            let mut request: libc::ifreq = std::mem::zeroed();
            request.ifr_ifru.ifru_flags =
                libc::c_short::try_from(libc::IFF_DETACH_QUEUE).expect("small");
            assert_eq!(libc::ioctl(detached.as_raw_fd(), libc::TUNSETQUEUE, &raw mut request), 0);
        }
        let long = attached("long0", ANY | libc::IFF_VNET_HDR);
        set_header_size(long.as_fd(), 100);
        let gone = attached("gone0", ANY);
        ip("link del gone0");
        let all = [
            &null,
            &pipe,
            &socket,
            &unattached,
            &tun,
            &information,
            &one,
            &other,
            &detached,
            &long,
            &gone,
        ];
        for fd in all {
            inheritable(fd.as_fd());
        }
        let before = all.map(|fd| flags(fd.as_fd()));

        for file in [&null, &pipe, &socket] {
            assert_eq!(refusal(&[file.as_fd()]), ("ENOTTY", "the file is not one of /dev/net/tun"));
        }
        for (file, code, word) in [
            (&unattached, "EBADFD", "no interface is attached"),
            (&gone, "EBADFD", "no interface is attached"),
            (&tun, "EINVAL", "is a TUN"),
            (&information, "EINVAL", "IFF_NO_PI"),
            (&detached, "EINVAL", "detached"),
            (&long, "EINVAL", "longer than 64"),
        ] {
            let (found, hint) = refusal(&[file.as_fd()]);
            assert_eq!((found, hint.contains(word)), (code, true), "{hint}");
            // Behind a good one, too.
            assert_eq!(refusal(&[one.as_fd(), file.as_fd()]).0, code);
        }
        let (code, hint) = refusal(&[one.as_fd(), other.as_fd()]);
        assert_eq!((code, hint.contains("different devices")), ("EINVAL", true), "{hint}");
        assert_eq!(
            refusal(&[one.as_fd(), one.as_fd()]),
            ("EINVAL", "the same file is given twice")
        );
        let copy = one.try_clone().expect("a copy");
        let (code, hint) = refusal(&[one.as_fd(), copy.as_fd()]);
        assert_eq!((code, hint.contains("copy (dup)")), ("EINVAL", true), "{hint}");
        assert_eq!(refusal(&[]).0, "EINVAL");
        let files = Files::Numbers(vec![99_999]);
        let closed = TapDevice::attach(files, AttachOptions::default()).expect_err("not open");
        assert_eq!(closed.code(), "EBADF");

        assert_eq!(all.map(|fd| flags(fd.as_fd())), before, "still open, and as they were");
    });
}

fn shared(name: &str) -> TapDevice {
    TapDevice::open(&TapOptions {
        name: name.to_owned(),
        queues: 2,
        namespace: NamespaceTarget::Current,
        adopt: false,
        offloads: vec![0],
    })
    .expect("a device")
}

/// What goes over with the second queue of a device.
fn handed(device: &TapDevice, namespace: &Namespace) -> Vec<OwnedFd> {
    let copy = |fd: BorrowedFd<'_>| fd.try_clone_to_owned().expect("a copy");
    let socket = || NetlinkSocket::open(&[], None).expect("a socket");
    vec![
        copy(device.queues()[1].as_fd()),
        copy(namespace.as_fd()),
        copy(socket().as_fd()),
        copy(socket().as_fd()),
    ]
}

fn expected(device: &TapDevice) -> Expected {
    let ifindex = device.identity_at_open().ifindex;
    Expected { ifindex, namespace: device.namespace_inode() }
}

#[test]
fn a_queue_that_was_handed_over_is_used_from_another_namespace_without_any_right() {
    in_namespace(|namespace| {
        let device = shared("given0");
        let (files, expected) = (handed(&device, namespace), expected(&device));
        let elsewhere = Namespace::create().expect("a namespace");
        let attached = run_in(&elsewhere, || {
            drop_capability(CAP_NET_ADMIN);
            drop_capability(common::CAP_SYS_ADMIN);
            TapDevice::attach_received(files, 1, expected, None, 3)
        });
        let (attached, subscription) = attached.expect("a device");
        assert_eq!((attached.namespace_inode(), attached.offloads()), (namespace.inode(), 3));
        assert_eq!(attached.identity().map(|found| found.ifindex), Ok(expected.ifindex));
        let subscription = subscription.expect("it may not open one there");
        subscription.join_group(1).expect("RTNLGRP_LINK");
        ip("link set given0 up");
        let again = subscription.again().expect("the same");
        assert!(matches!(again.receive_owned(), Ok(None)), "what came before is gone");
        ip("link set given0 down");
        assert!(matches!(again.receive_owned(), Ok(Some(_))));
        drop(device);
        assert!(has_link("given0"));
        drop(attached);
        until_gone("given0");
    });
}

#[test]
fn in_the_same_namespace_no_sockets_are_needed() {
    in_namespace(|namespace| {
        let device = shared("given0");
        let files = handed(&device, namespace);
        let attached = TapDevice::attach_received(files, 1, expected(&device), None, 0);
        assert!(attached.expect("a device").1.is_none());
    });
}

#[test]
fn what_is_not_what_was_said_is_refused() {
    in_namespace(|namespace| {
        let device = shared("given0");
        let good = expected(&device);
        let attempt = |files, queues, expected| {
            let result = TapDevice::attach_received(files, queues, expected, None, 0);
            result.expect_err("refused").code()
        };
        let all = || handed(&device, namespace);
        let null = || OwnedFd::from(File::open("/dev/null").expect("a file"));
        assert_eq!(attempt(all(), 1, Expected { ifindex: good.ifindex + 1, ..good }), "ESTALE");
        assert_eq!(attempt(all(), 1, Expected { namespace: 1, ..good }), "ESTALE");
        assert_eq!(attempt(all(), 2, good), "EPROTO", "too few");
        assert_eq!(attempt(all(), 0, good), "EPROTO", "none");
        let many = all().into_iter().chain([null()]).collect();
        assert_eq!(attempt(many, 1, good), "EPROTO", "too many");
        for (position, code) in [(0, "ENOTTY"), (1, "EPROTO")] {
            let mut files = all();
            files[position] = null();
            assert_eq!(attempt(files, 1, good), code);
        }
        let elsewhere = Namespace::create().expect("a namespace");
        for position in [2, 3] {
            let mut files = all();
            files[position] = null();
            let result = run_in(&elsewhere, || TapDevice::attach_received(files, 1, good, None, 0));
            assert_eq!(result.expect_err("refused").code(), "ENOTSOCK");
        }
        device.close();
        drop(device);
        until_gone("given0");
    });
}

#[test]
fn a_file_alone_is_looked_for_where_it_says_or_where_the_process_is() {
    in_namespace(|namespace| {
        let number = || attached("given0", ANY | libc::IFF_VNET_HDR | libc::IFF_MULTI_QUEUE);
        let (fd, copy) = (number(), number());
        let elsewhere = Namespace::create().expect("a namespace");
        let device = run_in(&elsewhere, || attach_own(fd));
        assert_eq!(device.namespace_inode(), namespace.inode(), "the file says where it is");
        let code = |result: Result<TapDevice, SystemError>| result.err().map(|error| error.code());
        run_in(&elsewhere, || {
            let refused = || code(attach(&[copy.as_fd()]));
            // Nor is it one that is called so here.
            ip("tuntap add dev given0 mode tap");
            drop_capability(CAP_NET_ADMIN);
            assert_eq!(refused(), Some("ENODEV"), "the file may not be asked where it is");
        });
        let here = run_in(namespace, || {
            drop_capability(CAP_NET_ADMIN);
            attach_own(copy)
        });
        assert_eq!(here.namespace_inode(), namespace.inode());
    });
}
