//! Splices of TAP devices against the kernel.

mod common;

use std::os::fd::{AsFd, AsRawFd};

use common::{PacketSocket, frame, in_namespace, ip};
use rtap_io::namespace::NamespaceTarget;
use rtap_io::splice::{Failure, Side, Splice, SpliceOptions};
use rtap_io::tap::{TapDevice, TapOptions};

fn open(name: &str) -> TapDevice {
    let options = TapOptions {
        name: name.to_owned(),
        queues: 1,
        namespace: NamespaceTarget::Current,
        adopt: false,
        offloads: vec![0],
    };
    let device = TapDevice::open(&options).expect("a device");
    ip(&format!("link set dev {name} up"));
    device
}

/// Waits until the splice tells of something.
fn await_wake(splice: &Splice) {
    let wake = splice.wake().expect("running");
    let mut poll = libc::pollfd { fd: wake.as_fd().as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: `poll` is one pollfd, alive during the call.
    assert_eq!(unsafe { libc::poll(&raw mut poll, 1, 20_000) }, 1, "nothing was told");
}

#[test]
fn ends_with_a_device_that_goes_and_the_other_lives_on() {
    for two_threads in [false, true] {
        for (gone, side) in [("left0", Side::A), ("right0", Side::B)] {
            in_namespace(|_| {
                // Nothing is to come by itself: a thread that waits has to be told of the end.
                let _ = std::fs::write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
                let (left, right) = (open("left0"), open("right0"));
                let options = SpliceOptions { two_threads, sampling: None };
                let (splice, _samples) =
                    Splice::start(&left.queues(), &right.queues(), options).expect("threads");
                let sender = PacketSocket::open(left.identity_at_open().ifindex);
                let receiver = PacketSocket::open(right.identity_at_open().ifindex);
                sender.send(&frame(60, 1));
                assert_eq!(receiver.receive(), frame(60, 1));
                assert!(!splice.woken());
                ip(&format!("link delete dev {gone}"));
                await_wake(&splice);
                assert!(splice.woken());
                let Some(Failure { side: whose, error }) = splice.join() else {
                    panic!("no failure");
                };
                assert_eq!((*whose, error.code()), (Some(side), "EBADFD"));
                let other = if side == Side::A { right } else { left };
                assert!(other.identity().is_ok());
            });
        }
    }
}
