//! The price of the droplets before and after a plan, from dated facts.

use serde::Serialize;
use serde_json::Value;

use crate::catalog;
use crate::engine::gate::What;
use crate::engine::plan::{Plan, ResourceChange};

/// US dollars a month for every droplet of the plan, backups included.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cost {
    /// Before; `None` when a size is not among the embedded facts.
    pub before: Option<f64>,
    /// After; `None` when a size is not among the embedded facts.
    pub after: Option<f64>,
    /// Always `USD`.
    pub currency: &'static str,
    /// When the prices were read.
    pub as_of: &'static str,
}

impl Cost {
    /// The price of what a plan has before and after.
    pub fn of(plan: &Plan) -> Self {
        let droplets = || {
            let changes = plan.resource_changes.iter();
            changes
                .filter(|change| change.mode == "managed" && change.kind == "digitalocean_droplet")
        };
        Self {
            before: total(droplets().map(|change| monthly(&change.change.before))),
            after: total(droplets().map(after)),
            currency: "USD",
            as_of: catalog::sizes_as_of(),
        }
    }

    /// `$12.00 -> $18.00 a month (+$6.00), list price as of …`.
    pub(super) fn sentence(&self) -> String {
        let source = format!("list price as of {}", self.as_of);
        let (Some(before), Some(after)) = (self.before, self.after) else {
            return "unknown: seance has no price of one of the sizes".to_owned();
        };
        if (before - after).abs() < 0.005 {
            return format!("${after:.2} a month, as before ({source})");
        }
        let sign = if after > before { '+' } else { '-' };
        let difference = (after - before).abs();
        format!("${before:.2} -> ${after:.2} a month ({sign}${difference:.2}; {source})")
    }
}

/// What a droplet costs afterwards. One that is forgotten goes on costing.
fn after(change: &ResourceChange) -> Option<f64> {
    match What::of(change) {
        Some(What::Forget) => monthly(&change.change.before),
        Some(What::ForgetAndCreate) => {
            Some(monthly(&change.change.before)? + monthly(&change.change.after)?)
        }
        _ => monthly(&change.change.after),
    }
}

/// Nothing costs nothing; an unknown size has no price.
fn monthly(droplet: &Value) -> Option<f64> {
    if droplet.is_null() {
        return Some(0.0);
    }
    let size = catalog::size(droplet["size"].as_str()?)?;
    Some(size.monthly_usd(droplet["backups"] == true))
}

fn total(mut prices: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    prices.try_fold(0.0, |sum, price| Some(sum + price?))
}
