//! Names: of servers, services, profiles, variables, packages and releases.

use super::newtype::text_newtype;

text_newtype! {
    /// `[a-z][a-z0-9-]*`: the prefix of firewall, key and tag names.
    ProjectName
}
text_newtype! {
    /// A host name that is also a systemd unit and a Unix user: `[a-z][a-z0-9-]*`, at most 31 long.
    ServerName
}
text_newtype! {
    /// A key of `[services]`.
    ServiceName
}
text_newtype! {
    /// A devenv profile.
    ProfileName
}
text_newtype! {
    /// A key of `[ports]`.
    PortName
}
text_newtype! {
    /// A key of `[domains]`.
    DomainKey
}
text_newtype! {
    /// A POSIX environment variable name.
    EnvironmentName
}
text_newtype! {
    /// A nixpkgs attribute path, such as `nodejs_22` or `python3Packages.uvicorn`.
    PackageName
}
text_newtype! {
    /// A git branch name.
    BranchName
}
text_newtype! {
    /// A nixpkgs release, `YY.05` or `YY.11`.
    NixosRelease
}
text_newtype! {
    /// An IANA time zone name.
    TimeZone
}
text_newtype! {
    /// The slug of a stock image.
    ImageSlug
}
text_newtype! {
    /// The name of a `DigitalOcean` project, 1 to 175 characters.
    DigitalOceanProject
}
