//! Where the simulated devices of a demo show what they do: one by one in the terminal, and side by side on the shop's own page.

use std::net::SocketAddr;

use shop::http::Simulator;

use crate::say::Language;

/// The pages of the simulated devices.
pub struct Pages {
    pub printer: SocketAddr,
    pub pole: SocketAddr,
    pub scale: SocketAddr,
    pub scanner: SocketAddr,
    pub terminal: SocketAddr,
    pub mail: SocketAddr,
    pub sms: SocketAddr,
}

impl Pages {
    /// In the order in which they stand side by side, each by what it is called in German and in English.
    fn all(&self) -> [([&'static str; 2], SocketAddr); 7] {
        [
            (["Bondrucker und Lade", "Receipt printer and drawer"], self.printer),
            (["Anzeige mit zwei Zeilen", "Display of two lines"], self.pole),
            (["Waage", "Scale"], self.scale),
            (["Scanner", "Scanner"], self.scanner),
            (["Kartenterminal", "Card terminal"], self.terminal),
            (["Mailserver", "Mail server"], self.mail),
            (["SMS auf dem Handy", "Text messages on the phone"], self.sms),
        ]
    }

    /// For the shop's page.
    pub fn simulators(&self) -> Vec<Simulator> {
        let named = |([de, en], at): ([&'static str; 2], SocketAddr)| Simulator {
            de,
            en,
            page: format!("http://{at}/"),
        };
        self.all().map(named).into()
    }

    /// Says where they are.
    pub fn say(&self, language: Language, shop: SocketAddr) {
        println!(
            "  {} http://{shop}/counter",
            language.say("Simulatoren, alle nebeneinander:", "Simulators, all side by side:")
        );
        for ([de, en], at) in self.all() {
            println!("    {:<28} http://{at}/", language.say(de, en));
        }
    }
}
