//! What can be typed: clap types only, one doc comment per flag, which is also its help text.
#![expect(
    clippy::doc_markdown,
    reason = "help texts go to terminals, where backticks are noise"
)]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

/// Turns one typed seance.toml into a complete, checked NixOS deployment on DigitalOcean.
#[derive(Debug, Parser)]
#[command(name = "seance", version, max_term_width = 100, after_long_help = super::exit::HELP)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    propagate_version = true
)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) verb: Verb,
}

/// Flags that every verb takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(super) struct Global {
    /// Use this manifest instead of the nearest seance.toml upwards
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) manifest: Option<PathBuf>,
    /// Run as if started in this folder
    #[arg(short = 'C', global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) directory: Option<PathBuf>,
    /// When to colour the output; NO_COLOR is honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
    /// Print less: no notes and no summary of what went well
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Print more: every file that was looked at, and what Nix says
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
}

/// When to colour the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Even into a pipe
    Always,
    /// Not even on a terminal
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Write a commented seance.toml and the files that are yours from then on
    Init(Init),
    /// Bring the generated files up to date
    Gen(Gen),
    /// Check everything that can be known offline
    Check(Check),
    /// Show how the generated files differ, or what a change of the manifest means
    Diff(Diff),
    /// Show what an apply would do: in words, with its dangers and its cost
    Plan(Plan),
    /// Deploy: build, show the plan, ask once, apply, verify
    Apply(Apply),
    /// Destroy everything that was made, after the server's name was typed
    Destroy(Destroy),
    /// Go through plan, apply and destroy against simulated clouds: no token, no money
    Rehearse(Rehearse),
    /// Look whether the server does what was promised, from login to certificates
    Verify(Verify),
    /// Explain a rule, list the rules, or list every key with its default
    Explain(Explain),
    /// Print the JSON Schema of seance.toml, for editors
    Schema,
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages
    Man {
        /// The folder to write them to; without it the main page goes to stdout
        #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
        folder: Option<PathBuf>,
    },
}

/// `seance init`.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// Name of the project, the server and its unit
    #[arg(long)]
    pub(super) name: Option<String>,
    /// Git URL that the server clones the application from
    #[arg(long, value_name = "URL")]
    pub(super) repository: Option<String>,
    /// DigitalOcean region, such as fra1
    #[arg(long)]
    pub(super) region: Option<String>,
    /// Droplet size, such as s-2vcpu-2gb
    #[arg(long)]
    pub(super) size: Option<String>,
    /// Cloudflare zone that holds the domain
    #[arg(long)]
    pub(super) zone: Option<String>,
    /// Host name of the application
    #[arg(long)]
    pub(super) domain: Option<String>,
    /// Public key that may log in: the line itself, or the path of a .pub file; repeatable
    #[arg(long = "ssh-key", value_name = "KEY")]
    pub(super) ssh_keys: Vec<String>,
    /// Command that starts the application
    #[arg(long)]
    pub(super) command: Option<String>,
    /// Port that the application listens on
    #[arg(long)]
    pub(super) port: Option<u16>,
    /// nixpkgs attribute that the command needs, such as nodejs_22; repeatable
    #[arg(long = "package", value_name = "NAME")]
    pub(super) packages: Vec<String>,
    /// Ask nothing: take the flags and the defaults
    #[arg(long)]
    pub(super) yes: bool,
}

/// `seance gen`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct Gen {
    /// Write nothing; exit with 2 when something would change
    #[arg(long, conflicts_with_all = ["force", "merge", "stdout"])]
    pub(super) check: bool,
    /// Overwrite edited and foreign files; their old text is kept in .seance/kept
    #[arg(long, conflicts_with = "merge")]
    pub(super) force: bool,
    /// Merge hand edits into the new text
    #[arg(long)]
    pub(super) merge: bool,
    /// Write nothing; print what this one file would hold
    #[arg(long, value_name = "PATH")]
    pub(super) stdout: Option<String>,
    /// With --check: exit with 0 even when something would change
    #[arg(long, requires = "check")]
    pub(super) exit_zero: bool,
}

/// `seance check`.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The folder to check, instead of the current one
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) path: Option<PathBuf>,
    /// Count warnings as errors
    #[arg(long)]
    pub(super) strict: bool,
    /// Make the edits that are shown as patches, in seance.toml and in files that people wrote
    #[arg(long)]
    pub(super) fix: bool,
    /// How to print the findings
    #[arg(long, default_value = "human")]
    pub(super) format: Format,
    /// Prove why a person will get in: from a key to a disk that boots, link by link
    #[arg(long)]
    pub(super) explain_access: bool,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(super) exit_zero: bool,
}

/// `seance diff`.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// Compare with the manifest of this git revision instead of with the files
    #[arg(long, value_name = "REV")]
    pub(super) against: Option<String>,
    /// How to print the differences
    #[arg(long, default_value = "human")]
    pub(super) format: DiffFormat,
    /// Exit with 0 even when there are differences
    #[arg(long)]
    pub(super) exit_zero: bool,
}

/// Which engine to call.
#[derive(Debug, Args)]
pub(super) struct Engine {
    /// The OpenTofu or Terraform program; without it tofu, else terraform, from the search path
    #[arg(long, value_name = "PATH", value_hint = ValueHint::ExecutablePath)]
    pub(super) engine: Option<PathBuf>,
}

/// `seance plan`.
#[derive(Debug, Args)]
pub(super) struct Plan {
    #[command(flatten)]
    pub(super) engine: Engine,
    /// How to print the plan
    #[arg(long, default_value = "human")]
    pub(super) format: PlanFormat,
    /// Exit with 2 when there is something to do
    #[arg(long)]
    pub(super) detailed_exitcode: bool,
}

/// `seance apply`.
#[derive(Debug, Args)]
pub(super) struct Apply {
    #[command(flatten)]
    pub(super) engine: Engine,
    /// Ask nothing; what destroys data is refused all the same
    #[arg(long)]
    pub(super) yes: bool,
    /// Allow what destroys data on the server of this name
    #[arg(long, value_name = "NAME")]
    pub(super) confirm: Option<String>,
    /// Go on with an apply that was stopped
    #[arg(long)]
    pub(super) resume: bool,
    /// Do not look at the server afterwards; with an install_size it is lowered unseen
    #[arg(long)]
    pub(super) skip_verify: bool,
}

/// `seance verify`.
#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    pub(super) engine: Engine,
}

/// `seance destroy`.
#[derive(Debug, Args)]
pub(super) struct Destroy {
    #[command(flatten)]
    pub(super) engine: Engine,
    /// Destroy the server of this name without a question
    #[arg(long, value_name = "NAME")]
    pub(super) confirm: Option<String>,
}

/// `seance rehearse`.
#[derive(Debug, Args)]
pub(super) struct Rehearse {
    #[command(flatten)]
    pub(super) engine: Engine,
    /// Let a step fail, to see what that looks like, such as droplet or dns-record=rate-limited*2;
    /// repeatable
    #[arg(long, value_name = "STEP[=KIND][*TIMES]")]
    pub(super) fail_at: Vec<crate::rehearsal::Fault>,
}

/// `seance explain`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("what").required(true)))]
pub(super) struct Explain {
    /// Id of the rule, such as manifest-unknown-key
    #[arg(group = "what")]
    pub(super) rule: Option<String>,
    /// List every rule
    #[arg(long, group = "what")]
    pub(super) list: bool,
    /// List every key of seance.toml with its default and meaning
    #[arg(long, group = "what")]
    pub(super) defaults: bool,
}

/// How to print findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a person
    Human,
    /// One JSON document, schema_version 1
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// GitHub workflow commands, which become annotations
    Github,
    /// A comment for a pull request
    Markdown,
}

/// How to print differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DiffFormat {
    /// For a person
    Human,
    /// One JSON document, schema_version 1
    Json,
    /// GitHub workflow commands, which become annotations
    Github,
    /// A comment for a pull request
    Markdown,
}

/// How to print a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PlanFormat {
    /// For a person
    Human,
    /// One JSON document, schema_version 1
    Json,
    /// A comment for a pull request
    Markdown,
}
