//! Requests of rtnetlink that native code makes itself, on a socket by which nobody else asks meanwhile.

/// A request, with `body` behind its `struct nlmsghdr`: `NLM_F_REQUEST` and `flags`, sequence number and port 0.
pub(crate) fn request(kind: u16, flags: u16, body: &[u8]) -> Vec<u8> {
    const HEADER: usize = 16;
    const NLM_F_REQUEST: u16 = 1;
    let length = u32::try_from(HEADER + body.len()).unwrap_or(u32::MAX);
    let mut request = Vec::with_capacity(HEADER + body.len());
    request.extend(length.to_ne_bytes());
    request.extend(kind.to_ne_bytes());
    request.extend((NLM_F_REQUEST | flags).to_ne_bytes());
    request.extend([0; 8]);
    request.extend(body);
    request
}
