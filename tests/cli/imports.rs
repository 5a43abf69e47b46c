//! Files that others import, wherever they lie.

use std::os::unix::fs::symlink;

use super::support::Project;

#[test]
fn imports_are_followed_out_of_the_usual_folders() {
    let project = Project::generated();
    project.write("hosts/web/default.nix", "{ imports = [ ./ssh.nix ]; }\n");
    project.write(
        "hosts/web/ssh.nix",
        "{ lib, ... }: { services.openssh.settings.PermitRootLogin = lib.mkForce \"no\"; }\n",
    );
    project.write("nix/extra.nix", "{ imports = [ ../hosts/web ]; }\n");
    project
        .seance(&["check"])
        .exits(3)
        .says("hosts/web/ssh.nix:1:")
        // A flake sees only what git knows, and these files are new.
        .says("git-untracked");
}

#[test]
fn links_that_lead_out_are_neither_read_nor_missed() {
    let project = Project::empty();
    project.write("flake.nix", "{ outputs = _: { }; }\n");
    project.write(
        "configuration.nix",
        "{ imports = [ ./inside.nix ./outside.nix ./gone.nix ]; }\n",
    );
    project.write("a.nix", "{ }\n");
    symlink("a.nix", project.path("inside.nix")).unwrap();
    symlink("/etc/hostname", project.path("outside.nix")).unwrap();
    project
        .seance(&["check"])
        .exits(3)
        .says("`gone.nix` is imported and does not exist")
        .never_says("`outside.nix` is imported")
        .never_says("`inside.nix` is imported");
}

#[test]
fn links_to_folders_around_them_are_not_followed() {
    let project = Project::empty();
    project.write("modules/a.nix", "{ }\n");
    symlink("..", project.path("modules/up")).unwrap();
    symlink("itself", project.path("itself")).unwrap();
    project
        .seance(&["check"])
        .exits(0)
        .says("looked at one hand-written file only");
}

#[test]
fn the_proof_of_access_names_every_link() {
    let project = Project::generated();
    project
        .seance(&["check", "--explain-access"])
        .exits(0)
        .says("why you will get in to")
        .says("1 yes a key reaches an account")
        .says("9 yes the root file system is mounted")
        .says("from seance.toml:");
    project.write(
        "nix/extra.nix",
        "{ lib, ... }: { services.openssh.enable = lib.mkForce false; }\n",
    );
    let broken = project
        .seance(&["check", "--explain-access", "--format", "json"])
        .exits(3);
    let document = broken.json();
    let links = document["access"][0]["links"].as_array().unwrap().clone();
    let daemon = links
        .iter()
        .find(|link| link["link"] == "sshd runs")
        .unwrap();
    assert_eq!(daemon["answer"], "broken");
    assert_eq!(daemon["file"], "nix/extra.nix");
    assert_eq!(document["access"][0]["proven"], false);
}

#[test]
fn without_a_droplet_no_access_is_proven() {
    let project = Project::empty();
    project.write("configuration.nix", "{ }\n");
    project
        .seance(&["check", "--explain-access"])
        .exits(0)
        .says("no system here is certainly meant for a droplet");
}

#[test]
fn a_forced_list_of_ports_contradicts_the_manifest() {
    let project = Project::generated();
    project.write(
        "nix/extra.nix",
        "{ lib, ... }: { networking.firewall.allowedTCPPorts = lib.mkForce [ 22 ]; }\n",
    );
    project
        .seance(&["check"])
        .exits(3)
        .says("opens port 443 (tcp), and NixOS does not")
        .says("nix/extra.nix:1:37");
}
