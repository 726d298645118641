//! What only the administrator may do: setting a new unit up, and letting tills in.
//!
//! A unit's life goes one way: none → CREATED → UNINITIALIZED → INITIALIZED. So whoever was interrupted looks where it
//! is, and goes on from there; the PUK alone is told once, with the first answer, and kept before anything else is asked.

use hyper::Method;
use serde_json::json;

use super::wire::Life;
use super::{BAD, Fiskaly, Known, Not};
use crate::{Fault, SetupStep, Tell, Told};

impl Fiskaly {
    /// See [`crate::Unit::set_up`]: makes the unit where there is none.
    pub(super) fn make(
        &self,
        known: &mut Known,
        puk: Option<&str>,
        tell: Tell<'_>,
    ) -> Result<(), Fault> {
        let pin = self.secret.admin_pin.as_deref().ok_or(Fault::Refused("no_admin_pin"))?;
        known.identity = None;
        tell(Told::Step(SetupStep::Connect))?;
        let life = match self.life(known)? {
            Some(life) => life,
            None => {
                tell(Told::Step(SetupStep::Create))?;
                self.create(known)?
            }
        };
        if let Some(told) = &life.admin_puk {
            tell(Told::Puk(told))?;
        }
        let puk = life.admin_puk.as_deref().or(puk);
        match life.state.as_str() {
            "CREATED" | "UNINITIALIZED" => {}
            "INITIALIZED" => {
                tell(Told::Step(SetupStep::AdminPin))?;
                if let Some(puk) = puk {
                    self.set_pin(known, puk, pin)?;
                }
                return self.as_admin(known, |_| Ok(()));
            }
            _ => return Err(Fault::Unusable("disabled")),
        }
        if life.state == "CREATED" {
            tell(Told::Step(SetupStep::Personalise))?;
            self.become_state(known, "UNINITIALIZED")?;
        }
        tell(Told::Step(SetupStep::AdminPin))?;
        match puk {
            Some(puk) => self.set_pin(known, puk, pin)?,
            // Set before, or else the administrator is not let in.
            None if life.state == "UNINITIALIZED" => {}
            None => return Err(Fault::Refused("no_puk")),
        }
        tell(Told::Step(SetupStep::Initialise))?;
        self.as_admin(known, |known| self.become_state(known, "INITIALIZED"))
    }

    fn life(&self, known: &mut Known) -> Result<Option<Life>, Fault> {
        match self.ask(known, &Method::GET, &self.tss(""), None) {
            Ok(answer) => serde_json::from_slice(&answer.body).map(Some).map_err(|_| BAD),
            Err(Not::Said(404, ..)) => Ok(None),
            Err(not) => Err(not.into()),
        }
    }

    fn create(&self, known: &mut Known) -> Result<Life, Fault> {
        match self.ask(known, &Method::PUT, &self.tss(""), Some(&json!({}))) {
            Ok(answer) => serde_json::from_slice(&answer.body).map_err(|_| BAD),
            // It may be there by now.
            Err(not) if not.passes() => match self.life(known) {
                Ok(Some(life)) => Ok(life),
                _ => Err(not.into()),
            },
            Err(not) => Err(not.into()),
        }
    }

    /// Brings the unit into a state; an answer that was lost is looked up.
    fn become_state(&self, known: &mut Known, state: &str) -> Result<(), Fault> {
        let body = json!({ "state": state });
        let not = match self.ask(known, &Method::PATCH, &self.tss(""), Some(&body)) {
            Ok(_) => return Ok(()),
            Err(not) => not,
        };
        match self.life(known) {
            Ok(Some(life)) if life.state == state => Ok(()),
            _ => Err(not.into()),
        }
    }

    fn set_pin(&self, known: &mut Known, puk: &str, pin: &str) -> Result<(), Fault> {
        let body = json!({ "admin_puk": puk, "new_admin_pin": pin });
        self.ask_guarded(known, &Method::PATCH, &self.tss("/admin"), &body).map(drop)
    }

    /// Does something as the administrator, who is logged out again: whoever stays one could do more than tills may.
    pub(super) fn as_admin<T>(
        &self,
        known: &mut Known,
        deed: impl FnOnce(&mut Known) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let pin = self.secret.admin_pin.as_deref().ok_or(Fault::Refused("no_admin_pin"))?;
        let body = json!({ "admin_pin": pin });
        self.ask_guarded(known, &Method::POST, &self.tss("/admin/auth"), &body)?;
        let done = deed(known);
        let _out = self.ask(known, &Method::POST, &self.tss("/admin/logout"), Some(&json!({})));
        done
    }
}
