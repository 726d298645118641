//! An HTTP/1.1 client over one kept connection: enough for the API, and cheap enough that a
//! measurement measures the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// One connection, with its session.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    stream: BufReader<TcpStream>,
    cookie: Option<String>,
    body: Vec<u8>,
}

impl Client {
    /// Connects.
    pub fn connect(address: SocketAddr) -> Result<Client> {
        let stream = TcpStream::connect(address).context("connect")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(std::time::Duration::from_secs(60)))?;
        Ok(Client { address, stream: BufReader::new(stream), cookie: None, body: Vec::new() })
    }

    /// The session cookie, to share with other connections.
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// Uses a session of another connection.
    pub fn set_cookie(&mut self, cookie: &str) {
        self.cookie = Some(cookie.to_owned());
    }

    /// The same, with a session of another connection.
    pub fn with_cookie(mut self, cookie: &str) -> Client {
        self.set_cookie(cookie);
        self
    }

    /// Listens to an event stream; the connection is its own from now on.
    pub fn events(mut self, path: &str) -> Result<Events> {
        let mut request = format!("GET {path} HTTP/1.1\r\nHost: {0}\r\n", self.address);
        if let Some(cookie) = &self.cookie {
            request.push_str(&format!("Cookie: {cookie}\r\n"));
        }
        request.push_str("\r\n");
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        if line.split(' ').nth(1) != Some("200") {
            bail!("no event stream: {line}");
        }
        while line.trim_end() != "" {
            line.clear();
            self.stream.read_line(&mut line)?;
        }
        Ok(Events { stream: self.stream, text: String::new() })
    }

    /// Sends a request and reads the answer; its body is in [`Client::body`].
    pub fn send(&mut self, method: &str, path: &str, body: Option<&str>) -> Result<u16> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {0}\r\n", self.address);
        if let Some(cookie) = &self.cookie {
            request.push_str("Cookie: ");
            request.push_str(cookie);
            request.push_str("\r\n");
        }
        if method != "GET" {
            request.push_str(&format!("Origin: http://{}\r\n", self.address));
        }
        if let Some(body) = body {
            request.push_str("Content-Type: application/json\r\nContent-Length: ");
            request.push_str(&body.len().to_string());
            request.push_str("\r\n\r\n");
            request.push_str(body);
        } else {
            request.push_str("\r\n");
        }
        self.stream.get_mut().write_all(request.as_bytes())?;
        self.read()
    }

    /// Sends raw bytes (an upload) with their own content type.
    pub fn upload(&mut self, path: &str, content: &[u8]) -> Result<u16> {
        let mut head =
            format!("POST {path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\n", self.address);
        if let Some(cookie) = &self.cookie {
            head.push_str(&format!("Cookie: {cookie}\r\n"));
        }
        head.push_str(&format!(
            "Content-Type: text/csv\r\nContent-Length: {}\r\n\r\n",
            content.len()
        ));
        self.stream.get_mut().write_all(head.as_bytes())?;
        self.stream.get_mut().write_all(content)?;
        self.read()
    }

    fn read(&mut self) -> Result<u16> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status: u16 =
            line.split(' ').nth(1).and_then(|s| s.parse().ok()).context("no status line")?;
        let mut length = 0_usize;
        let mut chunked = false;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let header = line.trim_end();
            if header.is_empty() {
                break;
            }
            let Some((name, value)) = header.split_once(':') else { continue };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse()?;
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                chunked = value.trim().eq_ignore_ascii_case("chunked");
            } else if name.eq_ignore_ascii_case("set-cookie") {
                self.cookie = value.trim().split(';').next().map(str::to_owned);
            }
        }
        self.body.clear();
        if chunked {
            self.read_chunks()?
        } else {
            self.read_exactly(length)?
        }
        Ok(status)
    }

    fn read_exactly(&mut self, length: usize) -> Result<()> {
        let at = self.body.len();
        self.body.resize(at + length, 0);
        self.stream.read_exact(&mut self.body[at..])?;
        Ok(())
    }

    fn read_chunks(&mut self) -> Result<()> {
        let mut line = String::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim(), 16)?;
            self.read_exactly(length)?;
            line.clear();
            self.stream.read_line(&mut line)?;
            if length == 0 {
                return Ok(());
            }
        }
    }

    /// The body of the last answer.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).context("no JSON")
    }

    /// A request that must succeed.
    pub fn ok(&mut self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let text = body.map(Value::to_string);
        let status = self.send(method, path, text.as_deref())?;
        if !(200..300).contains(&status) {
            bail!("{method} {path}: {status} {}", String::from_utf8_lossy(&self.body));
        }
        if self.body.is_empty() { Ok(Value::Null) } else { self.json() }
    }
}

/// An event stream.
#[derive(Debug)]
pub struct Events {
    stream: BufReader<TcpStream>,
    /// What came and was not handed out.
    text: String,
}

impl Events {
    /// The data of the next event.
    pub fn next_data(&mut self) -> Result<String> {
        loop {
            if let Some(at) = self.text.find('\n') {
                let line: String = self.text.drain(..=at).collect();
                if let Some(data) = line.strip_prefix("data:") {
                    return Ok(data.trim().to_owned());
                }
                continue;
            }
            let mut size = String::new();
            self.stream.read_line(&mut size)?;
            let size = usize::from_str_radix(size.trim(), 16).context("the stream ended")?;
            let mut chunk = vec![0; size + 2];
            self.stream.read_exact(&mut chunk)?;
            chunk.truncate(size);
            self.text.push_str(&String::from_utf8(chunk)?);
        }
    }
}
