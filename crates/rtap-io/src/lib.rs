//! Every system call of rtap, in plain Rust.
//!
//! TAP devices, their queues and splices of them, netlink sockets, network namespaces, processes in them,
//! raw ICMP and packet sockets, and the control threads that whatever may wait for the kernel runs on. And what is
//! done to frames in between: segmentation, coalescing, checksums. All `unsafe` of
//! the project is in this crate; with the feature `node` that includes what needs a Node process
//! around it ([`node`]).

mod candidate;
pub mod checksum;
pub mod coalesce;
pub mod complete;
pub mod control;
pub mod counter;
pub mod device_file;
pub mod engine;
pub mod errno;
pub mod error;
pub mod event_fd;
mod file_request;
mod flow;
pub mod handover;
mod helper_process;
pub mod icmp;
pub mod loan;
pub mod namespace;
pub mod netlink_socket;
#[cfg(feature = "node")]
pub mod node;
mod offload;
mod other_header;
mod own_file;
mod packet;
pub mod packet_socket;
mod plan;
pub mod process;
pub mod progress;
pub mod queue;
pub mod region;
pub mod rights;
mod rtnetlink;
pub mod segment;
pub mod slab;
mod socket;
pub mod splice;
mod syscall;
pub mod tap;
mod template;
mod tun;
pub mod virtio_net;

pub use error::SystemError;
