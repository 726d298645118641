//! From what the settings say of a printer to one that can be printed on. Tills that name the same place share the printer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use devices::line::{Place, SerialLine};
use devices::printer::{Printer, Setup, Timeouts};
use domain::peripheral::{self, Parity, PrinterLanguage, PrinterSettings};
use domain::settings::{Settings, TillSettings};
use escpos::{Language, Profile};

/// A printer as a till uses it.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    /// The printer.
    pub(crate) printer: Arc<Printer>,
    /// What it can do.
    pub(crate) profile: Profile,
    /// The level of the drawer's switch while the drawer is open, where somebody found that out.
    pub(crate) open_level: Option<bool>,
}

/// Where a printer is and what is known of it, as far as it makes another printer of it.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    setup: Setup,
    timeouts: Timeouts,
}

/// All printers of the shop, each once.
#[derive(Debug, Default, Clone)]
pub(crate) struct Machines(Arc<Mutex<HashMap<String, Kept>>>);

/// A printer, and as which it was made.
type Kept = (Known, Arc<Printer>);

impl Machines {
    /// The printer at this place as the till uses it; none when nothing can be at such a place.
    #[must_use]
    pub(crate) fn of(
        &self,
        settings: &Settings,
        till: &TillSettings,
        at: &str,
        timeouts: Timeouts,
    ) -> Option<Machine> {
        let place: Place = at.parse().ok()?;
        let said = settings.printer_at(at);
        let setup = match said {
            Some(said) => setup(place, said),
            None => Setup::usual(place),
        };
        let known = Known { setup, timeouts };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.get(at).filter(|(before, _)| *before == known);
        let printer = match kept {
            Some((_, printer)) => Arc::clone(printer),
            None => {
                let printer = Arc::new(Printer::new(known.setup.clone(), timeouts));
                all.insert(at.to_owned(), (known.clone(), Arc::clone(&printer)));
                printer
            }
        };
        let profile = profile(said, till.columns, known.setup.language);
        Some(Machine { printer, profile, open_level: said.and_then(|s| s.drawer_open_level) })
    }
}

impl Machines {
    /// The printer at this place, for whoever sends something through it.
    pub(crate) fn at(&self, settings: &Settings, at: &str) -> Option<Arc<Printer>> {
        let place: Place = at.parse().ok()?;
        let setup = settings
            .printer_at(at)
            .map_or_else(|| Setup::usual(place.clone()), |said| setup(place.clone(), said));
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.get(at).filter(|(known, _)| known.setup == setup);
        if let Some((_, printer)) = kept {
            return Some(Arc::clone(printer));
        }
        let timeouts = Timeouts::default();
        let printer = Arc::new(Printer::new(setup.clone(), timeouts));
        all.insert(at.to_owned(), (Known { setup, timeouts }, Arc::clone(&printer)));
        Some(printer)
    }

    /// The printer at this place alone, for a moment.
    pub(crate) fn once(place: Place, said: &PrinterSettings, timeouts: Timeouts) -> Machine {
        let setup = setup(place, said);
        let profile = profile(Some(said), said.columns.unwrap_or(48), setup.language);
        let printer = Arc::new(Printer::new(setup, timeouts));
        Machine { printer, profile, open_level: said.drawer_open_level }
    }
}

fn setup(place: Place, said: &PrinterSettings) -> Setup {
    let serial = said.line.map_or(SerialLine::usual(9_600), serial);
    // A drawer without a printer has nothing to say.
    let silent = said.silent || Profile::named(&said.model).is_some_and(|model| !model.prints());
    Setup { place, language: language(said.language), serial, silent }
}

/// A serial line as the settings say it.
#[must_use]
pub(crate) fn serial(line: peripheral::SerialLine) -> SerialLine {
    SerialLine {
        rate: line.rate,
        seven_bits: line.data_bits == 7,
        odd_parity: match line.parity {
            Parity::None => None,
            Parity::Odd => Some(true),
            Parity::Even => Some(false),
        },
        two_stops: line.stop_bits == 2,
    }
}

fn language(language: PrinterLanguage) -> Language {
    match language {
        PrinterLanguage::EscPos => Language::EscPos,
        PrinterLanguage::Star => Language::Star,
        PrinterLanguage::Epos => Language::Epos,
    }
}

/// What it can do: by its model, or by the width of its paper alone.
fn profile(said: Option<&PrinterSettings>, columns: u8, language: Language) -> Profile {
    let by_width =
        |columns| if columns <= 32 { Profile::generic_58mm() } else { Profile::generic_80mm() };
    match said {
        Some(said) => {
            let model = Profile::named(&said.model);
            let profile = model.unwrap_or_else(|| by_width(said.columns.unwrap_or(columns)));
            let profile = profile.speaking(language).with_second_drawer(said.second_drawer);
            match said.columns {
                Some(columns) => profile.with_columns(columns),
                None => profile,
            }
        }
        None => by_width(columns).speaking(language).with_columns(columns),
    }
}
