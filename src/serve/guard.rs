//! Who may ask: browsers on this machine, for pages of this shop. Another site must not reach the preview through a
//! name it has pointed at this machine (DNS rebinding), nor change anything through a form of its own.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, header};

/// Names under which the preview may be asked.
#[derive(Clone)]
pub(super) struct Guard {
    /// Any host name will do: the author opened the preview to the network.
    open: bool,
}

impl Guard {
    pub(super) fn new(bound: SocketAddr) -> Self {
        Self { open: !bound.ip().is_loopback() }
    }

    /// Whether the `Host` of a request names this machine by its own address.
    pub(super) fn knows_host(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or(rest),
            None => host.rsplit_once(':').map_or(host, |(name, _)| name),
        };
        if name.eq_ignore_ascii_case("localhost") {
            return true;
        }
        // A page elsewhere can send its own name here, but never a bare address that is not its own.
        match name.parse::<IpAddr>() {
            Ok(address) => self.open || address.is_loopback(),
            Err(_) => false,
        }
    }
}

/// Whether a request that changes something comes from a page we made.
pub(super) fn is_own(headers: &HeaderMap, token: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // Browsers say where a request comes from; a page of another origin is refused even with the token.
    let same = text("sec-fetch-site").is_none_or(|site| site == "same-origin");
    same && text("x-shangjia-token") == Some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(bound: &str, host: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        Guard::new(bound.parse().unwrap()).knows_host(&headers)
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        assert!(asks("127.0.0.1:80", "localhost:80"));
        assert!(asks("127.0.0.1:80", "127.0.0.1:80"));
        assert!(asks("[::1]:80", "[::1]:80"));
        assert!(!asks("127.0.0.1:80", "evil.example:80"));
        assert!(!asks("127.0.0.1:80", "127.0.0.1.evil.example"));
        assert!(!asks("127.0.0.1:80", "192.168.1.5:80"));
        assert!(asks("0.0.0.0:80", "192.168.1.5:80"));
        assert!(!asks("0.0.0.0:80", "rebound.example:80"));
    }
}
