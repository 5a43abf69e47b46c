//! Host names, site addresses, URL paths and mail addresses.

use super::newtype::text_newtype;

text_newtype! {
    /// A lower-case ASCII host name of RFC 1123 labels, at least two of them, no trailing dot.
    DomainName
}
text_newtype! {
    /// What `CADDY_DOMAIN` and `APP_DOMAIN` may hold: a host name or `localhost`, with an optional
    /// port. Reaches Caddy as text, so its alphabet is closed.
    SiteAddress
}
text_newtype! {
    /// The path of a health check: starts with `/`, RFC 3986 path and query characters only.
    UrlPath
}
text_newtype! {
    /// A mail address whose alphabet is closed, because it reaches the Caddyfile.
    Email
}
text_newtype! {
    /// A Cloudflare zone id: 32 lower-case hex digits.
    ZoneId
}

impl SiteAddress {
    /// The address as Caddy reads it: loopback names get `http://`, so that no certificate is
    /// asked for and neither port 80 nor the trust store is touched.
    pub fn caddy_address(&self) -> String {
        let host = self.0.split(':').next().unwrap_or_default();
        if host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1" {
            format!("http://{}", self.0)
        } else {
            self.0.clone()
        }
    }
}
