//! What is made to go wrong, and how it is written on the command line.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

/// A step of a deployment that can be made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The SSH key is registered with the account.
    SshKey,
    /// The droplet is created.
    Droplet,
    /// The droplet is resized, renamed, switched on or off.
    DropletAction,
    /// The firewall is written.
    Firewall,
    /// The reserved address is taken or assigned.
    ReservedIp,
    /// The project is looked up or given its resources.
    Project,
    /// The DNS zone is looked up.
    Zone,
    /// A DNS record is written.
    DnsRecord,
    /// NixOS is installed over the stock image. No simulator carries it out.
    Install,
    /// The system is switched to its configuration. No simulator carries it out.
    System,
    /// The finished machine is looked at. No simulator carries it out.
    Health,
}

impl Step {
    /// Every step, in the order of a deployment.
    pub const ALL: &'static [Self] = &[
        Self::SshKey,
        Self::Droplet,
        Self::DropletAction,
        Self::Firewall,
        Self::ReservedIp,
        Self::Project,
        Self::Zone,
        Self::DnsRecord,
        Self::Install,
        Self::System,
        Self::Health,
    ];

    /// The step's name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SshKey => "ssh-key",
            Self::Droplet => "droplet",
            Self::DropletAction => "droplet-action",
            Self::Firewall => "firewall",
            Self::ReservedIp => "reserved-ip",
            Self::Project => "project",
            Self::Zone => "zone",
            Self::DnsRecord => "dns-record",
            Self::Install => "install",
            Self::System => "system",
            Self::Health => "health",
        }
    }

    /// Whether a simulated API carries it out; the others are for the caller to fail.
    pub const fn is_simulated(self) -> bool {
        !matches!(self, Self::Install | Self::System | Self::Health)
    }

    /// How it fails when nothing else is asked for: the way it fails most often.
    pub const fn usual_kind(self) -> FaultKind {
        match self {
            Self::SshKey => FaultKind::KeyInUse,
            Self::Droplet => FaultKind::SizeUnavailable,
            Self::DropletAction => FaultKind::ActionErrored,
            Self::Firewall | Self::ReservedIp => FaultKind::ServerError,
            Self::Project | Self::Zone => FaultKind::Forbidden,
            Self::DnsRecord => FaultKind::RecordExists,
            Self::Install | Self::System | Self::Health => FaultKind::Failed,
        }
    }

    /// Every way it can fail.
    pub fn kinds(self) -> impl Iterator<Item = FaultKind> {
        FaultKind::ALL
            .iter()
            .copied()
            .filter(move |kind| kind.can_happen_at(self))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// How a step fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// 429 with `Retry-After`.
    RateLimited,
    /// 500.
    ServerError,
    /// No answer for a long while, then 504.
    Timeout,
    /// The droplet is created and stays `new` for ever.
    NeverActive,
    /// The action is accepted and ends in `errored`.
    ActionErrored,
    /// 422: the size is not sold in the region.
    SizeUnavailable,
    /// 422: the key is already on the account.
    KeyInUse,
    /// Code 81053: a record of that name exists.
    RecordExists,
    /// The connection ends before the request is carried out.
    ConnectionCut,
    /// The request is carried out, and the connection ends before the answer.
    AnswerLost,
    /// The token is not known, or no longer.
    Unauthorized,
    /// The token lacks a permission.
    Forbidden,
    /// The step itself fails; for the steps that no API carries out.
    Failed,
}

impl FaultKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::RateLimited,
        Self::ServerError,
        Self::Timeout,
        Self::NeverActive,
        Self::ActionErrored,
        Self::SizeUnavailable,
        Self::KeyInUse,
        Self::RecordExists,
        Self::ConnectionCut,
        Self::AnswerLost,
        Self::Unauthorized,
        Self::Forbidden,
        Self::Failed,
    ];

    /// The kind's name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RateLimited => "rate-limited",
            Self::ServerError => "server-error",
            Self::Timeout => "timeout",
            Self::NeverActive => "never-active",
            Self::ActionErrored => "action-errored",
            Self::SizeUnavailable => "size-unavailable",
            Self::KeyInUse => "key-in-use",
            Self::RecordExists => "record-exists",
            Self::ConnectionCut => "connection-cut",
            Self::AnswerLost => "answer-lost",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::Failed => "failed",
        }
    }

    /// Whether a step can fail in this way.
    pub const fn can_happen_at(self, step: Step) -> bool {
        match self {
            Self::Timeout => true,
            Self::RateLimited
            | Self::ServerError
            | Self::ConnectionCut
            | Self::AnswerLost
            | Self::Unauthorized
            | Self::Forbidden => step.is_simulated(),
            Self::NeverActive => matches!(step, Step::Droplet),
            Self::ActionErrored => matches!(step, Step::DropletAction | Step::ReservedIp),
            Self::SizeUnavailable => matches!(step, Step::Droplet | Step::DropletAction),
            Self::KeyInUse => matches!(step, Step::SshKey),
            Self::RecordExists => matches!(step, Step::DnsRecord),
            Self::Failed => !step.is_simulated(),
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// One thing that is made to go wrong, written `STEP[=KIND][*TIMES]`.
///
/// It meets the requests that carry out the step, not the ones that undo it: a rehearsal whose
/// record could not be written can still take the rest down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub step: Step,
    /// How.
    pub kind: FaultKind,
    /// How many requests meet it; [`Fault::ALWAYS`] for each one.
    pub times: u32,
}

impl Fault {
    /// As many times as the step is tried: retries of the providers do not help.
    pub const ALWAYS: u32 = u32::MAX;

    /// A fault that every request of the step meets.
    pub const fn always(step: Step, kind: FaultKind) -> Self {
        Self {
            step,
            kind,
            times: Self::ALWAYS,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}", self.step, self.kind)?;
        if self.times == Self::ALWAYS {
            return Ok(());
        }
        write!(formatter, "*{}", self.times)
    }
}

/// Why a text is no fault; its message lists what may be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// No step has this name.
    #[error("no step is called `{text}`{}; write one of {}", meant(text, STEPS.iter().copied()), listed(STEPS.iter().copied()))]
    Step {
        /// What was written.
        text: String,
    },
    /// The step cannot fail in this way.
    #[error("the step `{step}` cannot fail as `{text}`{}; write `{step}=` and one of {}", meant(text, kind_names(*step)), listed(kind_names(*step)))]
    Kind {
        /// The step before it.
        step: Step,
        /// What was written.
        text: String,
    },
    /// The number of times is none.
    #[error(
        "`{text}` is no number of times; write a whole number from 1 on after `*`, as in `{step}=server-error*2`, or leave it out to fail every time"
    )]
    Times {
        /// The step before it.
        step: Step,
        /// What was written.
        text: String,
    },
}

static STEPS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| Step::ALL.iter().map(|step| step.name()).collect());

fn kind_names(step: Step) -> impl Iterator<Item = &'static str> {
    step.kinds().map(FaultKind::name)
}

fn listed(names: impl Iterator<Item = &'static str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// A name that was probably meant, as the end of a sentence.
fn meant(text: &str, names: impl Iterator<Item = &'static str>) -> String {
    let text = text.to_lowercase().replace('_', "-");
    names
        .map(|name| (strsim::osa_distance(&text, name), name))
        .filter(|(distance, name)| *distance <= name.len() / 3)
        .min()
        .map(|(_, name)| format!(", did you mean `{name}`"))
        .unwrap_or_default()
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (rest, times) = match text.split_once('*') {
            Some((rest, times)) => (rest, Some(times)),
            None => (text, None),
        };
        let (step, kind) = match rest.split_once('=') {
            Some((step, kind)) => (step, Some(kind)),
            None => (rest, None),
        };
        let step = step.parse()?;
        let kind = match kind {
            Some(text) => parse_kind(step, text)?,
            None => step.usual_kind(),
        };
        let times = match times {
            Some(text) => parse_times(step, text)?,
            None => Self::ALWAYS,
        };
        Ok(Self { step, kind, times })
    }
}

impl FromStr for Step {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let found = Self::ALL.iter().find(|step| step.name() == text);
        found.copied().ok_or_else(|| FaultError::Step {
            text: text.to_owned(),
        })
    }
}

fn parse_kind(step: Step, text: &str) -> Result<FaultKind, FaultError> {
    let text = text.trim();
    let found = step.kinds().find(|kind| kind.name() == text);
    found.ok_or_else(|| FaultError::Kind {
        step,
        text: text.to_owned(),
    })
}

fn parse_times(step: Step, text: &str) -> Result<u32, FaultError> {
    let text = text.trim();
    match text.parse::<u32>() {
        Ok(times) if times > 0 => Ok(times),
        _ => Err(FaultError::Times {
            step,
            text: text.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_survives_being_written_and_read() {
        for step in Step::ALL.iter().copied() {
            assert!(step.usual_kind().can_happen_at(step), "{step}");
            for kind in step.kinds() {
                for times in [1, 3, Fault::ALWAYS] {
                    let fault = Fault { step, kind, times };
                    assert_eq!(fault.to_string().parse(), Ok(fault));
                }
            }
        }
    }

    #[test]
    fn kind_and_times_may_be_left_out() {
        assert_eq!(
            "dns-record".parse(),
            Ok(Fault::always(Step::DnsRecord, FaultKind::RecordExists))
        );
        assert_eq!(
            "zone*2".parse(),
            Ok(Fault {
                step: Step::Zone,
                kind: FaultKind::Forbidden,
                times: 2
            })
        );
    }

    #[test]
    fn mistakes_name_the_choices() {
        let message = |text: &str| text.parse::<Fault>().unwrap_err().to_string();
        assert_eq!(
            message("dropelt"),
            "no step is called `dropelt`, did you mean `droplet`; write one of `ssh-key`, \
             `droplet`, `droplet-action`, `firewall`, `reserved-ip`, `project`, `zone`, \
             `dns-record`, `install`, `system`, `health`"
        );
        assert_eq!(
            message("ssh-key=key_in_use"),
            "the step `ssh-key` cannot fail as `key_in_use`, did you mean `key-in-use`; write \
             `ssh-key=` and one of `rate-limited`, `server-error`, `timeout`, `key-in-use`, \
             `connection-cut`, `answer-lost`, `unauthorized`, `forbidden`"
        );
        assert!(message("install=rate-limited").contains("one of `timeout`, `failed`"));
        assert!(message("firewall*0").starts_with("`0` is no number of times"));
        assert!(message("firewall*many").contains("`firewall=server-error*2`"));
        assert!(message("").starts_with("no step is called ``; write one of"));
    }
}
