//! The simulated clouds, in a thread of their own for as long as a test wants them.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;

use seance::rehearsal::{Account, Droplet, Fault, Request, Seed, Settings, Simulation};
use tokio::sync::oneshot;

/// Both accounts, with the zone of the manifest on one of them.
pub(crate) struct Cloud {
    simulation: Arc<Simulation>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    /// The accounts before anything was made.
    before: Account,
}

impl Cloud {
    /// With the zones of these domains.
    pub(crate) fn with(zones: &[&str], settings: Settings) -> Self {
        let (sender, receiver) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let simulation = Arc::new(Simulation::start_with(settings).await.unwrap());
                sender.send(Arc::clone(&simulation)).unwrap();
                let _ = stopped.await;
            });
        });
        let simulation: Arc<Simulation> = receiver.recv().unwrap();
        for zone in zones {
            simulation.zone(zone);
        }
        Self {
            before: simulation.account(),
            simulation,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub(crate) fn digitalocean_url(&self) -> String {
        self.simulation.digitalocean_url()
    }

    pub(crate) fn cloudflare_url(&self) -> String {
        self.simulation.cloudflare_url()
    }

    pub(crate) fn account(&self) -> Account {
        self.simulation.account()
    }

    /// Puts something there that is not the deployment's.
    pub(crate) fn seed(&mut self, seed: Seed) {
        assert!(self.simulation.seed(seed).is_some());
        self.before = self.account();
    }

    /// The identifier of a zone, which is added when it is not there.
    pub(crate) fn zone(&self, name: &str) -> String {
        self.simulation.zone(name)
    }

    pub(crate) fn fail(&self, fault: Fault) {
        self.simulation.add_fault(fault);
    }

    pub(crate) fn heal(&self) {
        self.simulation.clear_faults();
    }

    /// What somebody else does on the first account, by one request.
    pub(crate) fn request(&self, method: &str, path: &str, body: &str) {
        let host = self.digitalocean_url().replace("http://", "");
        let mut stream = TcpStream::connect(&host).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer somebody\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 2"),
            "{method} {path}: {answer}"
        );
    }

    /// What is there that was not there in the beginning.
    pub(crate) fn made(&self) -> Vec<String> {
        self.account().left_over(&self.before)
    }

    /// How many requests there were, for [`Self::writes_since`].
    pub(crate) fn mark(&self) -> usize {
        self.simulation.requests().len()
    }

    /// What was asked for since a mark that changes something, in its order: an action of a
    /// droplet by its words, everything else as `METHOD PATH` without numbers and identifiers.
    pub(crate) fn writes_since(&self, mark: usize) -> Vec<String> {
        let requests = self.simulation.requests();
        let writes = requests[mark..]
            .iter()
            .filter(|request| request.method != "GET");
        let words = |request: &Request| format!("{} {}", request.method, anonymous(&request.path));
        writes
            .map(|request| request.action.clone().unwrap_or_else(|| words(request)))
            .collect()
    }

    pub(crate) fn droplets(&self) -> Vec<Droplet> {
        self.account().droplets
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A path with `*` for every part that names one thing.
fn anonymous(path: &str) -> String {
    let parts = path.split('/').map(|part| {
        let has_digit = part.chars().any(|character| character.is_ascii_digit());
        let is_version = matches!(part, "v2" | "v4");
        if has_digit && !is_version { "*" } else { part }
    });
    parts.collect::<Vec<_>>().join("/")
}
