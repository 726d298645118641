//! Having everything that was signed made into a file, and taking it. That may take the maker minutes, and the line longer:
//! whoever sells meanwhile is waited for by a customer. So the unit is held for one short request at a time, and for the
//! file not at all.

use std::io::Write;
use std::time::Duration;

use hyper::Method;
use serde_json::json;

use super::http::Miss;
use super::wire::Export;
use super::{BAD, Fiskaly, Not, SILENT, TRIES, pause, said, uuid, wait};
use crate::{Fault, Span};

/// How often it is asked after at most, and how long until it is asked after again.
const LOOKS: (u32, Duration) = (600, Duration::from_secs(1));
/// How long the file may take: years of receipts over a shop's line.
const FILE: Duration = Duration::from_secs(30 * 60);

impl Fiskaly {
    /// See [`crate::Unit::export`].
    pub(super) fn archive(&self, (from, to): Span, out: &mut dyn Write) -> Result<(), Fault> {
        let mut query = Vec::new();
        query.extend(from.map(|from| format!("start_date={}", from.as_second())));
        query.extend(to.map(|to| format!("end_date={}", to.as_second())));
        let path = self.tss(&format!("/export/{}", uuid(&(self.setup.draw)())));
        let trigger = format!("{path}?{}", query.join("&"));
        let triggered = self.ask(&mut self.lock(), &Method::PUT, &trigger, Some(&json!({})));
        match triggered {
            Ok(_) => {}
            // If it did not arrive, the next look does not find it.
            Err(not) if not.passes() => wait(&not, self.setup.patience),
            Err(not) => return Err(not.into()),
        }
        let mut misses = 0;
        for _ in 0..LOOKS.0 {
            // A statement of its own: the unit is free again before anything is waited for.
            let looked = self.ask(&mut self.lock(), &Method::GET, &path, None);
            let answer = match looked {
                Ok(answer) => answer,
                Err(not) if not.passes() && misses < TRIES => {
                    misses += 1;
                    wait(&not, self.setup.patience);
                    continue;
                }
                Err(not) => return Err(not.into()),
            };
            misses = 0;
            let Export { state } = serde_json::from_slice(&answer.body).map_err(|_| BAD)?;
            match state.as_str() {
                "COMPLETED" => return self.file(&format!("{path}/file"), out),
                "PENDING" | "WORKING" => pause(LOOKS.1.min(self.setup.patience)),
                _ => return Err(Fault::Unusable("export")),
            }
        }
        Err(SILENT)
    }

    /// Takes a file beside everything else that is asked; with a token that is no longer taken once more with a new one.
    fn file(&self, path: &str, out: &mut dyn Write) -> Result<(), Fault> {
        let mut again = false;
        loop {
            let token = self.token()?;
            let patience = (self.setup.patience, FILE);
            let answer = self.host.fetch(patience, path, &token, out);
            let answer = answer.map_err(Not::Missed)?;
            match answer.status {
                200..=299 => return Ok(()),
                401 if !again => {
                    again = true;
                    let known = &mut *self.lock();
                    // Somebody else may have a new one by now.
                    known.access.take_if(|access| *access == token);
                }
                _ => return Err(said(&answer).into()),
            }
        }
    }

    fn token(&self) -> Result<String, Not> {
        let known = &mut *self.lock();
        if known.access.is_none() {
            self.authenticate(known)?;
        }
        known.access.clone().ok_or(Not::Missed(Miss::Lost))
    }
}
