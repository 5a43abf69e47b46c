//! Whether a TCP port answers, refuses or stays silent.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::printable;

/// What became of a connection attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Port {
    /// Something listens.
    Open,
    /// The machine is there and nothing listens.
    Refused,
    /// No answer at all: a firewall drops the packets, or no machine has the address.
    Filtered,
    /// The way there ends early, with the system's own words.
    Unreachable(String),
}

/// What a program says first on an open port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Greeting {
    /// The software's name in ssh's own greeting, such as `OpenSSH_9.9`.
    Ssh(String),
    /// The first line of something else.
    Other(String),
    /// The connection was accepted and then closed without a word.
    Closed,
    /// The connection was accepted and nothing came.
    Silent,
    /// There was no connection.
    None(Port),
}

/// Tries one connection.
pub async fn probe(address: SocketAddr, patience: Duration) -> Port {
    match connect(address, patience).await {
        Ok(_) => Port::Open,
        Err(port) => port,
    }
}

/// A connection, or why there is none.
pub(super) async fn connect(address: SocketAddr, patience: Duration) -> Result<TcpStream, Port> {
    match timeout(patience, TcpStream::connect(address)).await {
        Err(_) => Err(Port::Filtered),
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(match error.kind() {
            ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => Port::Refused,
            ErrorKind::TimedOut => Port::Filtered,
            kind => Port::Unreachable(kind.to_string()),
        }),
    }
}

/// Connects and listens to what comes without being asked, as an ssh server's greeting does.
pub async fn greeting(address: SocketAddr, patience: Duration) -> Greeting {
    let mut stream = match connect(address, patience).await {
        Ok(stream) => stream,
        Err(port) => return Greeting::None(port),
    };
    let mut said = Vec::new();
    let listening = async {
        let mut part = [0; 256];
        while said.len() < 256 && !said.contains(&b'\n') {
            match stream.read(&mut part).await {
                Ok(length) if length > 0 => said.extend_from_slice(&part[..length]),
                _ => return true,
            }
        }
        false
    };
    let closed = timeout(patience, listening).await;
    let text = String::from_utf8_lossy(&said);
    let line = text.lines().next().unwrap_or("");
    match line.strip_prefix("SSH-2.0-") {
        Some(software) => Greeting::Ssh(printable(software)),
        None if !line.is_empty() => Greeting::Other(printable(line)),
        None if closed == Ok(true) => Greeting::Closed,
        None => Greeting::Silent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;
    use tokio::net::{TcpListener, TcpSocket};

    const PATIENCE: Duration = Duration::from_secs(1);

    async fn listener() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    #[tokio::test]
    async fn an_open_port_and_a_closed_one() {
        let (listener, address) = listener().await;
        assert_eq!(probe(address, PATIENCE).await, Port::Open);
        drop(listener);
        assert_eq!(probe(address, PATIENCE).await, Port::Refused);
    }

    #[tokio::test]
    async fn a_port_whose_packets_are_dropped() {
        // A listener whose queue is full drops what else arrives, as a firewall does.
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let full = socket.listen(0).unwrap();
        let address = full.local_addr().unwrap();
        let mut waiting = Vec::new();
        while let Ok(stream) = connect(address, PATIENCE).await {
            waiting.push(stream);
        }
        assert_eq!(probe(address, PATIENCE).await, Port::Filtered);
    }

    #[tokio::test]
    async fn an_address_without_a_way_there() {
        // No TCP connection leads to a group of machines.
        let port = probe("224.0.0.1:22".parse().unwrap(), PATIENCE).await;
        assert!(matches!(port, Port::Unreachable(_)), "{port:?}");
    }

    #[tokio::test]
    async fn the_first_words_of_a_server() {
        let cases: [(&[u8], Greeting); 3] = [
            (
                b"SSH-2.0-OpenSSH_9.9\r\n",
                Greeting::Ssh("OpenSSH_9.9".into()),
            ),
            (
                b"220 mail\x07 ready\r\n",
                Greeting::Other("220 mail  ready".into()),
            ),
            (b"", Greeting::Closed),
        ];
        for (words, expected) in cases {
            let (listener, address) = listener().await;
            let server = async {
                let (mut stream, _) = listener.accept().await.unwrap();
                stream.write_all(words).await.unwrap();
            };
            let (heard, ()) = tokio::join!(greeting(address, PATIENCE), server);
            assert_eq!(heard, expected);
        }
        let (silent, address) = listener().await;
        assert_eq!(greeting(address, PATIENCE).await, Greeting::Silent);
        drop(silent);
    }
}
