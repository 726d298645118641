//! Simulated devices that speak the real protocol, named simulators wherever they show.

use std::net::SocketAddr;

use anyhow::Result;
use devices::simulator::Printer;
use escpos::Profile;

use crate::say::Language;

/// `tresen simulate printer`.
pub fn printer(language: Language, listen: SocketAddr, page: SocketAddr) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let printer = Printer::start(listen, Profile::generic_80mm()).await?;
        let page = printer.serve_page(page).await?;
        println!(
            "{} {}",
            language.say("Simulierter Drucker:", "Simulated printer:"),
            printer.address()
        );
        println!("{} http://{page}/", language.say("Sein Papier:        ", "Its paper:        "));
        tokio::signal::ctrl_c().await?;
        Ok(())
    })
}
