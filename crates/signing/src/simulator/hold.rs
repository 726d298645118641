//! Keeps an export where it is, so that it can be seen what goes on beside it.

use tokio::sync::watch;

/// Where an export stays until it is let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Nowhere.
    Nowhere,
    /// It is being made.
    Made,
    /// It is being sent.
    Sent,
}

/// Where exports stay, and where one was held last.
#[derive(Debug)]
pub struct Gate {
    at: watch::Sender<Hold>,
    held: watch::Sender<Hold>,
}

impl Default for Gate {
    fn default() -> Self {
        let at = || watch::Sender::new(Hold::Nowhere);
        Self { at: at(), held: at() }
    }
}

impl Gate {
    /// Keeps exports there.
    pub fn hold(&self, at: Hold) {
        self.at.send_replace(at);
    }

    /// Where one was held last.
    #[must_use]
    pub fn held(&self) -> Hold {
        *self.held.borrow()
    }

    /// True when it stays there; whoever looks sees that it does.
    pub(super) fn stays(&self, at: Hold) -> bool {
        let stays = *self.at.borrow() == at;
        if stays {
            self.held.send_replace(at);
        }
        stays
    }

    /// Waits until an answer may be sent; what is no export may at once.
    pub(super) async fn sent(&self, export: bool) {
        if !export {
            return;
        }
        let _held = self.stays(Hold::Sent);
        let mut at = self.at.subscribe();
        let _let_go = at.wait_for(|at| *at != Hold::Sent).await;
    }
}
