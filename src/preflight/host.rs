//! What the rules about one machine share.

use crate::catalog::{self, DropletSize};
use crate::evaluation::Value;
use crate::facts::{Facts, Installer, Part};
use crate::finding::Finding;
use crate::nixos::{Item, System, View};
use crate::reading::{Place, Read};
use crate::rules::Rule;

/// What a rule finds in each system that is meant for a droplet.
pub(super) fn on_droplets(
    facts: &Facts<'_>,
    judge: impl Fn(&System) -> Option<Finding>,
) -> Vec<Finding> {
    let systems = facts.droplet_systems().into_iter();
    systems.filter_map(judge).collect()
}

/// What a rule finds in each system, wherever it runs.
pub(super) fn on_all(
    facts: &Facts<'_>,
    judge: impl Fn(&System) -> Option<Finding>,
) -> Vec<Finding> {
    facts.systems().iter().filter_map(judge).collect()
}

/// A finding at a place, else where the system begins.
pub(super) fn report(
    facts: &Facts<'_>,
    rule: &'static Rule,
    system: &System,
    place: Option<&Place>,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Finding {
    facts.finding(rule, Some(place.unwrap_or(&system.place)), message, help)
}

/// The first of these options that a person wrote: where a missing one is best added.
pub(super) fn beside(system: &System, options: &[&str]) -> Option<Place> {
    options.iter().find_map(|option| system.at(*option).place())
}

/// Whether it is certain that an option is true.
pub(super) fn is_on(view: &View, option: &str) -> bool {
    view.at(option).boolean().is(&true)
}

/// Whether it is certain that an option is false.
pub(super) fn is_off(view: &View, option: &str) -> bool {
    view.at(option).boolean().is(&false)
}

/// Whether it is certain that nobody defines any of these options.
pub(super) fn undefined(view: &View, options: &[&str]) -> bool {
    let mut options = options.iter();
    options.all(|option| view.at(*option).is_defined() == Some(false))
}

/// The string that an item of a list is.
pub(super) fn text_of(item: &Item) -> Option<String> {
    match &item.value {
        Value::Text(text) => text.known().map(str::to_owned),
        _ => None,
    }
}

/// The strings of a list option that is known whole.
pub(super) fn texts(view: &View) -> Option<Vec<String>> {
    let items = view.list();
    let texts = items.items.iter().map(text_of).collect();
    items.complete.then_some(texts).flatten()
}

/// Adds the edit that replaces a literal, unless something else than a literal is written there
/// or the file is generated.
pub(super) fn replacing(
    facts: &Facts<'_>,
    finding: Finding,
    place: Option<&Place>,
    new: &str,
) -> Finding {
    let Some(place) = place else {
        return finding;
    };
    let written = facts.files.get(&*place.file);
    let Some(old) = written.and_then(|text| text.get(place.range())) else {
        return finding;
    };
    let is_text = old.len() > 1
        && old.starts_with('"')
        && old.ends_with('"')
        && !old[1..old.len() - 1].contains(['"', '$', '\\']);
    let is_literal = is_text || matches!(old, "true" | "false" | "null");
    match facts.replacement(place, new) {
        Some(patch) if is_literal => finding.patched(patch),
        _ => finding,
    }
}

/// A finding about a switch: where it is written its value is replaced, else the place to add it
/// is beside another option.
pub(super) fn switch(
    facts: &Facts<'_>,
    rule: &'static Rule,
    system: &System,
    option: &str,
    wanted: &str,
    neighbours: &[&str],
    message: impl Into<String>,
) -> Finding {
    let value = system.at(option).value();
    let beside = beside(system, neighbours);
    let help = match value.place() {
        Some(_) => format!("write `{option} = {wanted};`"),
        None => format!("add `{option} = {wanted};`"),
    };
    let place = value.place().or(beside.as_ref());
    let finding = report(facts, rule, system, place, message, help);
    replacing(facts, finding, value.place(), wanted)
}

/// Whether every droplet certainly starts from an image that `DigitalOcean` offers to everyone,
/// and nothing is done to it by user data.
pub(super) fn has_stock_image(facts: &Facts<'_>) -> bool {
    let mut droplets = facts.tofu().resources("digitalocean_droplet").peekable();
    droplets.peek().is_some()
        && droplets.all(|(_, droplet)| {
            let image = droplet.body().text("image");
            let slug = image
                .value()
                .is_some_and(|slug| slug.parse::<u64>().is_err() && slug.contains('-'));
            slug && droplet.body().read("user_data").is_absent()
        })
}

/// The size of the only droplet, and where it is written.
pub(super) fn size(facts: &Facts<'_>) -> Option<(&'static DropletSize, Place)> {
    let mut droplets = facts.tofu().resources("digitalocean_droplet");
    let (_, droplet) = droplets.next()?;
    let is_only = droplet.certain && droplets.next().is_none();
    match droplet.body().text("size") {
        Read::Known(slug, place) if is_only => Some((catalog::size(&slug)?, place?)),
        _ => None,
    }
}

/// The calls of nixos-anywhere's modules that certainly exist and reach a server.
pub(super) fn installers<'a>(facts: &'a Facts<'_>) -> Vec<Installer<'a>> {
    let mut installers = facts.installers();
    installers.retain(|it| it.call.certain && it.part != Part::Build);
    installers
}

/// Those that certainly install or update this system: the only one of the project, else the one
/// that they name.
pub(super) fn installers_of<'a>(facts: &'a Facts<'_>, system: &System) -> Vec<Installer<'a>> {
    let is_only = facts.systems().len() == 1;
    let attribute = system.name.as_ref();
    let attribute = attribute.map(|name| format!("nixosConfigurations.{name}."));
    let names_it = |installer: &Installer<'_>| {
        let named = installer.body().text("nixos_system_attr");
        let named = named.value().cloned().unwrap_or_default();
        attribute.as_ref().is_some_and(|it| named.contains(it))
    };
    let mut installers = installers(facts);
    installers.retain(|it| is_only || names_it(it));
    installers
}
