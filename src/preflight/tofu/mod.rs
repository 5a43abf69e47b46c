//! How OpenTofu makes the droplet, and how nixos-anywhere is called.

use super::Check;
use crate::facts::{Facts, Installer};
use crate::tofu::{self, Module, Resource, Value};

mod build_on_remote_is_noop;
mod command_runs_once;
mod custom_image_tradeoff;
mod debug_leaks_key;
mod declared_twice;
mod droplet_without_keys;
mod empty_deploy_key;
mod extra_files_script;
mod file_typo_fallback;
mod for_each_list;
mod forcenew_drift;
mod foreign_bucket;
mod hardware_config;
mod index_of_none;
mod install_incomplete;
mod install_user_fallback;
mod instance_id_missing;
mod instance_id_unstable;
mod ipv6_expectations;
mod kexec_url_floating;
mod missing_argument;
mod module_1_13_quiet;
mod module_unpinned;
mod monitoring_gone;
mod nix_options_spaces;
mod no_prevent_destroy;
mod path_flake_leaks;
mod path_with_spaces;
mod phases_subset;
mod private_droplet;
mod provider_source;
mod region_left_open;
mod secrets;
mod sensitive_suppresses_logs;
mod special_args_hazards;
mod ssh_port_mismatch;
mod target_host_ipv6_literal;
mod target_host_is_dns;
mod undeclared_reference;
mod variable_unset;

pub(super) use secrets::settings_file;

/// Whether a folder may declare more than can be read: JSON is not.
fn is_partly_json(facts: &Facts<'_>, module: &Module) -> bool {
    facts.files.keys().any(|path| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        folder == module.folder && (name.ends_with(".tf.json") || name.ends_with(".tofu.json"))
    })
}

/// Every check of this subject.
pub(super) const CHECKS: &[&Check] = &[
    &hardware_config::CHECK,
    &instance_id_missing::CHECK,
    &instance_id_unstable::CHECK,
    &forcenew_drift::CHECK,
    &no_prevent_destroy::CHECK,
    &module_unpinned::CHECK,
    &module_1_13_quiet::CHECK,
    &kexec_url_floating::CHECK,
    &path_flake_leaks::CHECK,
    &file_typo_fallback::CHECK,
    &special_args_hazards::CHECK,
    &nix_options_spaces::CHECK,
    &extra_files_script::CHECK,
    &debug_leaks_key::CHECK,
    &empty_deploy_key::CHECK,
    &phases_subset::CHECK,
    &target_host_ipv6_literal::CHECK,
    &path_with_spaces::CHECK,
    &sensitive_suppresses_logs::CHECK,
    &target_host_is_dns::CHECK,
    &secrets::CHECK,
    &build_on_remote_is_noop::CHECK,
    &install_user_fallback::CHECK,
    &ssh_port_mismatch::CHECK,
    &droplet_without_keys::CHECK,
    &private_droplet::CHECK,
    &custom_image_tradeoff::CHECK,
    &ipv6_expectations::CHECK,
    &monitoring_gone::CHECK,
    &undeclared_reference::CHECK,
    &declared_twice::CHECK,
    &missing_argument::CHECK,
    &provider_source::CHECK,
    &variable_unset::CHECK,
    &install_incomplete::CHECK,
    &foreign_bucket::CHECK,
    &command_runs_once::CHECK,
    &index_of_none::CHECK,
    &region_left_open::CHECK,
    &for_each_list::CHECK,
];

/// The droplet that an installer works on, as an expression names it.
fn droplet_of(installer: &Installer<'_>) -> Option<String> {
    let host = installer.body().read("target_host");
    let reference = host.value().and_then(Value::reference)?;
    let (kind, name) = reference.resource()?;
    (kind == "digitalocean_droplet"
        && reference.module == installer.module.address
        && reference.key().is_none())
    .then(|| format!("{kind}.{name}"))
}

/// Whether nothing certainly keeps a plan from destroying a resource.
fn is_unprotected(resource: &Resource) -> bool {
    let lifecycle = resource.body().block("lifecycle");
    let protection = lifecycle.map(|it| it.body.boolean("prevent_destroy"));
    protection.is_none_or(|it| it.is_absent() || it.is(&false))
}

/// A relative path seen from a folder of the project; `None` when it leads out of it.
fn inside(folder: &str, path: &str) -> Option<String> {
    if path.starts_with(['/', '~']) || path.contains("://") {
        return None;
    }
    tofu::join(folder, path)
}
