//! Records that have to lead to the droplet.

use super::Check;

mod aaaa_mismatch;
mod cf_record_shape;
mod cloudflare_proxied;
mod names;
mod record_missing;
mod record_unused;

/// Every check of this subject.
pub(super) const CHECKS: &[&Check] = &[
    &record_unused::CHECK,
    &record_missing::CHECK,
    &cloudflare_proxied::CHECK,
    &cf_record_shape::CHECK,
    &aaaa_mismatch::CHECK,
];

/// What records of Cloudflare are called, in versions 5 and 4 of the provider.
const RECORDS: [&str; 2] = ["cloudflare_dns_record", "cloudflare_record"];
