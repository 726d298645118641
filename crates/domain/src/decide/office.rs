//! Commands of the office: settings, items, people, stock, imports.

use crate::event::{Event, StockMoved};
use std::collections::BTreeSet;

use money::Quantity;

use super::{Context, MAX_NAME, MAX_QUANTITY, MAX_TEXT, limits, shop_permission};
use crate::catalogue::{Item, ItemDraft};
use crate::command::{ShopCommand, StockKind};
use crate::facts::{Facts, LookupFault, Stop};
use crate::ids::{ImportId, ItemId, PersonId};
use crate::people::{Person, Role, may};
use crate::refusal::Refusal;
use crate::revision;
use crate::settings::{DatedRate, Settings};
use crate::state::State;
use crate::tip::TipsTo;
use crate::totals::rate_at;

pub(super) fn decide(context: Context<'_>, command: &ShopCommand) -> Result<Vec<Event>, Stop> {
    use ShopCommand as C;
    permitted(context, command)?;
    match command {
        C::Configure { settings } => configure(context, settings),
        C::PutItem { item, draft } => put_item(context, *item, draft),
        C::BasedOn { base, command } => {
            unchanged(context, base, command)?;
            decide(context, command)
        }
        C::RetireItem { item, retired } => {
            no_import(context)?;
            let known = context.facts.item(*item)?.ok_or(Refusal::UnknownItem)?;
            if known.draft.retired == *retired {
                return Ok(Vec::new());
            }
            Ok(vec![Event::ItemRetired { item: *item, retired: *retired }])
        }
        C::PutPerson { person, name, role, active } => {
            put_person(context, *person, name, *role, *active)
        }
        C::ForgetPerson { person } => forget_person(context.state, *person),
        C::CloseTerminalDay { terminal, despite_doubt } => {
            super::closings::by_hand(context, *terminal, despite_doubt.as_deref())
        }
        C::SettleTerminalDay { closing, closed, reason } => {
            super::closings::settle(context, *closing, *closed, reason)
        }
        C::ExplainTerminalDay { closing, reason } => {
            super::closings::explain(context, *closing, reason)
        }
        C::BlockVoucher { voucher, reason } => {
            super::vouchers::block(context, *voucher, true, reason)
        }
        C::UnblockVoucher { voucher, reason } => {
            super::vouchers::block(context, *voucher, false, reason)
        }
        C::TakeBankMessage(said) => super::transfers::taken(context, said),
        C::SettleBankMessage { message, reason } => {
            super::transfers::settle(context, *message, reason)
        }
        C::PutCustomer { .. } => super::accounts::put(context, command),
        C::ForgetCustomer { customer } => super::accounts::forget(context, *customer),
        C::RecordAccountPayment { customer, amount, reference, receipt, credit } => {
            let how = (reference.as_str(), *receipt, *credit);
            super::accounts::record(context, *customer, *amount, how)
        }
        C::IssueInvoice { receipt, recipient } => {
            super::invoices::issue(context, *receipt, recipient)
        }
        C::MoveStock { item, kind, quantity, reason } => {
            move_stock(context, *item, *kind, *quantity, reason)
        }
        C::SettleUnknownCode { code } => {
            limits::text("code", code, MAX_TEXT)?;
            Ok(vec![Event::UnknownCodeSettled { code: code.clone() }])
        }
        C::RecallBatches { recalls } => super::recalls::add(context, recalls),
        C::LiftRecall { recall, reason } => super::recalls::lift(context, *recall, reason),
        C::BeginImport { source } => {
            no_import(context)?;
            let import = ImportId(context.state.counters.imports.saturating_add(1));
            let source = source.chars().filter(|c| limits::clean_char(*c)).take(MAX_TEXT).collect();
            Ok(vec![Event::ImportBegan { import, source }])
        }
        C::ImportItems { import, items } => import_items(context, *import, items),
        C::FinishImport { import } => {
            running(context, *import)?;
            Ok(vec![Event::ImportFinished { import: *import }])
        }
        C::CancelImport { import } => {
            running(context, *import)?;
            Ok(vec![Event::ImportCancelled { import: *import }])
        }
        C::SetCredential { person, kind, .. } => {
            context.state.people.get(person).ok_or(Refusal::UnknownPerson)?;
            Ok(vec![Event::CredentialSet { person: *person, kind: *kind }])
        }
        C::RegisterTerminal { terminal, revision, card } => {
            super::devices::register(context, *terminal, *revision, card)
        }
        C::ConfirmTerminal { terminal, revision, reason } => {
            super::devices::confirm(context, *terminal, *revision, reason)
        }
        C::InspectTerminal { terminal, points, note } => {
            super::devices::inspect(context, *terminal, points, note)
        }
        C::TerminalReported { terminal, identity } => {
            super::devices::report(context, *terminal, identity)
        }
        C::TryDrawer(tried) => Ok(vec![Event::DrawerTried(tried.clone())]),
        C::SigningUnit { unit, step } => super::signing::unit(context, *unit, step),
        C::RksvSigner { device, identity } => Ok(super::rksv::device(context, *device, identity)),
        C::RksvSecret(secret) => Ok(super::rksv::secret(secret)),
        C::AskRksvReceipt { till, kind } => super::rksv::ask(context.state, *till, *kind),
        C::NoteRksv { till, what, register } => {
            super::rksv::note(context.state, *till, *what, register.as_deref())
        }
        C::PhotographTerminal { terminal, photo, of, .. } => {
            super::devices::photograph(context, *terminal, *photo, *of)
        }
        C::OpenAudit { .. }
        | C::EnterAudit { .. }
        | C::LookInAudit { .. }
        | C::EndAudit { .. }
        | C::NoteProgram { .. } => super::audit::decide(context, command),
        C::NoteHandedOver(said) => super::receipts::handed_over(context, *said),
        C::NoteBackup { through } => Ok(vec![Event::BackupMade { through: *through }]),
        C::NoteWrongSecret(wrong) => Ok(vec![Event::SignInFailed(*wrong)]),
        C::OfficeSignIn { person } => {
            let active = context.state.people.get(person).is_some_and(|p| p.active);
            if !active {
                return Err(Refusal::UnknownPerson.into());
            }
            Ok(vec![Event::SignedIn { person: *person }])
        }
    }
}

/// The right; before there are people, setting the shop up needs none.
fn permitted(context: Context<'_>, command: &ShopCommand) -> Result<(), Refusal> {
    if let ShopCommand::BasedOn { command, .. } = command {
        return permitted(context, command);
    }
    let permission = shop_permission(command);
    let first_run = context.state.people.is_empty()
        && matches!(command, ShopCommand::Configure { .. } | ShopCommand::PutPerson { .. });
    let at_the_door =
        matches!(command, ShopCommand::OfficeSignIn { .. } | ShopCommand::NoteWrongSecret(_));
    // Without a person it comes from the command line: whoever holds the file needs no right in it, and
    // nobody else must stand in the journal for it.
    let from_the_file =
        context.person.is_none() && matches!(command, ShopCommand::NoteBackup { .. });
    // What a terminal or a signing unit says of itself nobody has to be permitted; nor what the program sees an
    // auditor do, who is nobody of the shop's.
    let by_itself = context.person.is_none()
        && matches!(
            command,
            ShopCommand::TerminalReported { .. }
                | ShopCommand::SigningUnit { .. }
                | ShopCommand::RksvSigner { .. }
                | ShopCommand::EnterAudit { .. }
                | ShopCommand::LookInAudit { .. }
                | ShopCommand::EndAudit { .. }
                | ShopCommand::NoteProgram { .. }
                | ShopCommand::NoteHandedOver(_)
        );
    if first_run || at_the_door || from_the_file || by_itself {
        return Ok(());
    }
    let id = context.person.ok_or(Refusal::NotSignedIn)?;
    let person = context.state.people.get(&id).filter(|p| p.active).ok_or(Refusal::NotSignedIn)?;
    let own_secret = matches!(command, ShopCommand::SetCredential { person, .. } if *person == id);
    if own_secret || may(person.role, permission) {
        Ok(())
    } else {
        Err(Refusal::NotPermitted { permission })
    }
}

/// What the command changes is still what its sender looked at. What is new, and what is changed by
/// adding to it, needs no base.
fn unchanged(context: Context<'_>, base: &str, command: &ShopCommand) -> Result<(), Stop> {
    let now = match command {
        ShopCommand::Configure { .. } => {
            context.state.settings.as_deref().map(revision::of_settings)
        }
        ShopCommand::PutItem { item: Some(item), .. } | ShopCommand::RetireItem { item, .. } => {
            context.facts.item(*item)?.as_ref().map(revision::of_item)
        }
        ShopCommand::PutPerson { person: Some(person), .. } => {
            context.state.people.get(person).map(revision::of_person)
        }
        ShopCommand::PutCustomer { customer: Some(customer), .. } => {
            let known = context.facts.customer(*customer)?;
            known.map(|account| revision::of_customer(&account.customer))
        }
        _ => None,
    };
    // What does not exist is told by the command itself.
    if now.is_none_or(|now| now == base) { Ok(()) } else { Err(Refusal::Stale.into()) }
}

fn configure(context: Context<'_>, settings: &Settings) -> Result<Vec<Event>, Stop> {
    check_settings(context.state, settings)?;
    rates_stay(context, settings)?;
    super::rksv::check_rates(context, settings)?;
    super::coupons::no_item(context, settings)?;
    let mut events = vec![Event::ShopConfigured(Box::new(settings.clone()))];
    events.extend(super::signing::ended_by(context.state, settings));
    Ok(events)
}

fn check_settings(state: &State, settings: &Settings) -> Result<(), Refusal> {
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    limits::text("name", &settings.name, MAX_NAME)?;
    super::audit::check_notification(settings)?;
    let texts = settings
        .address
        .iter()
        .chain(&settings.receipt_header)
        .chain(&settings.receipt_footer)
        .chain(&settings.reasons)
        .chain(&settings.tax_number)
        .chain(&settings.vat_id);
    for text in texts {
        limits::optional_text("text", text, MAX_TEXT)?;
    }
    if jiff::tz::TimeZone::get(&settings.time_zone).is_err() {
        return bad("time_zone");
    }
    if !(1..=100).contains(&settings.voucher_years) {
        return bad("voucher_years");
    }
    if let Some(TipsTo::Shop { tax }) = settings.tips
        // Where tax comes on top, nobody knows what the customer meant to give.
        && (!settings.prices_include_tax || !settings.rates.iter().any(|rate| rate.key == tax))
    {
        return bad("tips");
    }
    if !(1..=365).contains(&settings.inspection_days) {
        return bad("inspection_days");
    }
    if !(1..=100).contains(&settings.cash_rounding.0) {
        return bad("cash_rounding");
    }
    if settings.tills.is_empty() || settings.tills.len() > 200 {
        return bad("tills");
    }
    let mut tills: Vec<_> = settings.tills.iter().map(|t| t.id).collect();
    tills.sort_unstable();
    tills.dedup();
    let columns = settings.tills.iter().all(|t| matches!(t.columns, 32 | 42 | 48));
    if tills.len() != settings.tills.len() || tills.iter().any(|t| t.0 == 0) || !columns {
        return bad("tills");
    }
    // A till that has issued receipts cannot vanish: its numbers would.
    if state.tills.keys().any(|id| !tills.contains(id)) {
        return bad("till_removed");
    }
    super::terminal_way::check_terminals(state, settings)?;
    super::signing::check(state, settings)?;
    super::rksv::check(state, settings)?;
    super::country::check(state, settings)?;
    super::country::check_descriptions(settings)?;
    super::agencies::check(state, settings)?;
    super::transfers::check_settings(settings)?;
    super::foreign::check_settings(settings)?;
    crate::books::check(settings)?;
    settings.bank.as_ref().map_or(Ok(()), crate::bank::BankAccount::check)?;
    crate::peripheral::check(settings)?;
    super::cash_machine::check(state, settings)?;
    crate::digital::check(settings)?;
    crate::coupon::check(settings)?;
    for till in &settings.tills {
        limits::text("till_name", &till.name, MAX_NAME)?;
        for printer in [&till.printer, &till.spare_printer].into_iter().flatten() {
            limits::text("printer", printer, MAX_TEXT)?;
        }
    }
    let mut groups: Vec<_> = settings.groups.iter().map(|g| g.id).collect();
    groups.sort_unstable();
    groups.dedup();
    if groups.len() != settings.groups.len() || settings.groups.is_empty() {
        return bad("groups");
    }
    for group in &settings.groups {
        limits::text("group_name", &group.name, MAX_NAME)?;
        let hex = group
            .color
            .strip_prefix('#')
            .is_some_and(|c| c.len() == 6 && c.chars().all(|x| x.is_ascii_hexdigit()));
        if !hex {
            return bad("group_color");
        }
        if !settings.rates.iter().any(|r| r.key == group.tax) {
            return bad("group_tax");
        }
    }
    if settings.rates.iter().any(|r| r.rate.basis_points() > 10_000) {
        return bad("rates");
    }
    // Of two rates from the same moment on nobody could say which holds.
    if twice(settings.rates.iter().map(|r| (r.key, r.from))) {
        return bad("rates");
    }
    if twice(settings.promotions.iter().map(|p| p.id)) {
        return bad("promotion");
    }
    for promotion in &settings.promotions {
        limits::text("promotion_name", &promotion.name, MAX_NAME)?;
        let never = promotion.from.zip(promotion.until).is_some_and(|(from, until)| from >= until);
        if never || !(1..=10_000).contains(&promotion.basis_points) {
            return bad("promotion");
        }
    }
    if settings.in_store_codes.iter().any(|rule| rule.validate().is_err()) {
        return bad("in_store_codes");
    }
    if let Some(old) = &state.settings
        && old.currency != settings.currency
    {
        return bad("currency_changed");
    }
    // Receipts say prices with or without tax, and returns give back what they say.
    if let Some(old) = &state.settings
        && old.prices_include_tax != settings.prices_include_tax
        && state.tills.values().any(|till| till.receipts > 0)
    {
        return bad("prices_changed");
    }
    Ok(())
}

/// A tax key that has a rate now keeps one: without it no goods of that key could be sold. A rate that was in force while
/// receipts were issued stays as it is: receipts of then were taxed by it, and a change is a new rate from its day on.
fn rates_stay(context: Context<'_>, settings: &Settings) -> Result<(), Refusal> {
    let Some(old) = &context.state.settings else { return Ok(()) };
    let now = context.state.local(context.now);
    let lost = |key| rate_at(old, key, now).is_some() && rate_at(settings, key, now).is_none();
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    if old.rates.iter().any(|rate| lost(rate.key)) {
        return bad("rate_removed");
    }
    let sold = context.state.tills.values().any(|till| till.receipts > 0);
    let gone = |rate: &DatedRate| rate.from <= now && !settings.rates.contains(rate);
    if sold && old.rates.iter().any(gone) { bad("rate_past") } else { Ok(()) }
}

/// True when a value stands there more than once.
fn twice<T: Ord>(values: impl Iterator<Item = T>) -> bool {
    let mut seen = BTreeSet::new();
    !values.into_iter().all(|value| seen.insert(value))
}

/// Checks an item by itself: names, numbers, prices, keys. What needs the catalogue is checked apart.
pub fn check_draft(settings: &Settings, draft: &ItemDraft) -> Result<(), Refusal> {
    limits::text("name", &draft.name, MAX_NAME)?;
    limits::text("number", &draft.number, 60)?;
    if draft.codes.len() > 100 || draft.prices.len() > 100 {
        return Err(limits::out("codes"));
    }
    // A scan is read without the blanks around it: with them it would never be found.
    findable("number", &draft.number)?;
    let mut seen: Vec<&str> = Vec::with_capacity(draft.codes.len());
    for code in &draft.codes {
        limits::text("code", &code.code, 60)?;
        findable("code", &code.code)?;
        limits::positive(code.quantity)?;
        code.price.map_or(Ok(()), |p| limits::amount("price", p))?;
        // Twice, as one piece and as six, nobody could say which of them was scanned.
        if keys(&code.code).iter().any(|key| seen.contains(&key.as_str())) {
            return Err(Refusal::Taken { field: "code".to_owned(), value: code.code.clone() });
        }
        seen.push(&code.code);
    }
    for price in &draft.prices {
        limits::amount("price", price.amount)?;
        if price.from.zip(price.until).is_some_and(|(from, until)| from >= until) {
            return Err(limits::out("price"));
        }
    }
    if draft.prices.is_empty() && !draft.open_price {
        return Err(limits::out("price"));
    }
    if !settings.groups.iter().any(|g| g.id == draft.group) {
        return Err(limits::out("group"));
    }
    let known = |key| settings.rates.iter().any(|r| r.key == key);
    let split =
        draft.tax_split.iter().all(|s| known(s.key) && s.weight > 0 && s.weight <= 1_000_000);
    if !known(draft.tax) || !split {
        return Err(limits::out("tax"));
    }
    if draft.age.is_some_and(|a| a > 120) {
        return Err(limits::out("age"));
    }
    if draft.minimum.is_some_and(|m| m.is_negative() || m.thousandths() > MAX_QUANTITY) {
        return Err(limits::out("minimum"));
    }
    crate::content::check(draft)
}

/// A text that is looked up as it is typed or scanned.
fn findable(field: &str, text: &str) -> Result<(), Refusal> {
    if text.trim() == text { Ok(()) } else { Err(Refusal::BadText { field: field.to_owned() }) }
}

/// The codes under which a scan finds this code.
pub(super) fn keys(code: &str) -> Vec<String> {
    gs1::Gtin::parse(code).map_or_else(|_| vec![code.to_owned()], |gtin| gtin.lookup_keys())
}

fn put_item(
    context: Context<'_>,
    id: Option<ItemId>,
    draft: &ItemDraft,
) -> Result<Vec<Event>, Stop> {
    no_import(context)?;
    let settings = context.state.settings.as_deref().ok_or(Refusal::NotConfigured)?;
    check_draft(settings, draft)?;
    if let Some(id) = id {
        context.facts.item(id)?.ok_or(Refusal::UnknownItem)?;
    }
    unique(context.facts, id, draft)?;
    deposit_fits(context.facts, id, draft)?;
    let id = id.unwrap_or(ItemId(context.state.counters.items.saturating_add(1)));
    Ok(vec![Event::ItemPut(Box::new(Item { id, draft: draft.clone() }))])
}

/// Item number and codes belong to no other item.
fn unique(facts: &dyn Facts, id: Option<ItemId>, draft: &ItemDraft) -> Result<(), Stop> {
    let taken = |field: &str, value: &str| {
        Stop::from(Refusal::Taken { field: field.to_owned(), value: value.to_owned() })
    };
    if facts.item_by_number(&draft.number)?.is_some_and(|other| Some(other.id) != id) {
        return Err(taken("number", &draft.number));
    }
    for code in &draft.codes {
        if facts.item_by_keys(&keys(&code.code))?.is_some_and(|(other, _)| Some(other.id) != id) {
            return Err(taken("code", &code.code));
        }
    }
    Ok(())
}

/// The deposit is another item, which has no deposit itself.
fn deposit_fits(facts: &dyn Facts, id: Option<ItemId>, draft: &ItemDraft) -> Result<(), Stop> {
    let Some(deposit) = draft.deposit else { return Ok(()) };
    let fits = Some(deposit) != id
        && facts.item(deposit)?.is_some_and(|d| d.draft.deposit.is_none() && !d.draft.open_price);
    if fits { Ok(()) } else { Err(Refusal::BadDeposit.into()) }
}

/// While an import runs its items are not in the catalogue yet: a code that is put in now could be
/// doubled by it unseen.
fn no_import(context: Context<'_>) -> Result<(), Refusal> {
    if context.state.counters.import.is_some() { Err(Refusal::ImportRunning) } else { Ok(()) }
}

fn running(context: Context<'_>, import: ImportId) -> Result<(), Refusal> {
    if context.state.counters.import == Some(import) { Ok(()) } else { Err(Refusal::UnknownImport) }
}

/// A batch of imported items. Double codes within the file are the importer's to find; here each is
/// held against the catalogue.
fn import_items(
    context: Context<'_>,
    import: ImportId,
    items: &[(Option<ItemId>, ItemDraft)],
) -> Result<Vec<Event>, Stop> {
    running(context, import)?;
    let settings = context.state.settings.as_deref().ok_or(Refusal::NotConfigured)?;
    let mut next = context.state.counters.items;
    let mut imported = Vec::with_capacity(items.len());
    for (id, draft) in items {
        check_draft(settings, draft)?;
        unique(context.facts, *id, draft)?;
        deposit_fits(context.facts, *id, draft)?;
        let id = match id {
            Some(id) => context.facts.item(*id)?.ok_or(Refusal::UnknownItem)?.id,
            None => {
                next = next.saturating_add(1);
                ItemId(next)
            }
        };
        imported.push(Item { id, draft: draft.clone() });
    }
    if imported.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::ItemsImported { import, items: imported }])
}

fn put_person(
    context: Context<'_>,
    id: Option<PersonId>,
    name: &str,
    role: Role,
    active: bool,
) -> Result<Vec<Event>, Stop> {
    limits::text("name", name, 60)?;
    if role == Role::Auditor {
        return Err(Refusal::OutOfLimits { field: "role".to_owned() }.into());
    }
    let people = &context.state.people;
    if context.facts.person_named(name)?.is_some_and(|other| Some(other) != id) {
        return Err(Refusal::Taken { field: "name".to_owned(), value: name.to_owned() }.into());
    }
    let name = context.name.ok_or_else(|| LookupFault("the name was not digested".to_owned()))?;
    let Some(id) = id else {
        let id = PersonId(context.state.counters.people.saturating_add(1));
        // The first person sets everything up; whoever else came first would lock the shop out.
        let first = people.is_empty();
        let (role, active) = if first { (Role::Manager, true) } else { (role, active) };
        return Ok(vec![Event::PersonAdded(Person { id, name, role, active })]);
    };
    people.get(&id).ok_or(Refusal::UnknownPerson)?;
    let manages = active && role == Role::Manager;
    if !manages && !a_manager_stays_without(context.state, id) {
        return Err(Refusal::LastManager.into());
    }
    Ok(vec![Event::PersonChanged(Person { id, name, role, active })])
}

fn forget_person(state: &State, id: PersonId) -> Result<Vec<Event>, Stop> {
    let person = state.people.get(&id).ok_or(Refusal::UnknownPerson)?;
    if !a_manager_stays_without(state, id) {
        return Err(Refusal::LastManager.into());
    }
    if person.active {
        return Err(Refusal::PersonActive.into());
    }
    Ok(vec![Event::PersonForgotten { person: id }])
}

/// True when somebody else manages the shop.
fn a_manager_stays_without(state: &State, id: PersonId) -> bool {
    state.people.values().any(|p| p.id != id && p.active && p.role == Role::Manager)
}

fn move_stock(
    context: Context<'_>,
    item: ItemId,
    kind: StockKind,
    quantity: Quantity,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    limits::text("reason", reason, MAX_TEXT)?;
    context.facts.item(item)?.ok_or(Refusal::UnknownItem)?;
    let (moved, counted) = match kind {
        StockKind::Received => {
            limits::positive(quantity)?;
            (quantity, None)
        }
        StockKind::Wasted => {
            limits::positive(quantity)?;
            (quantity.negated(), None)
        }
        StockKind::Corrected => {
            limits::quantity(quantity)?;
            (quantity, None)
        }
        StockKind::Counted => {
            if quantity.is_negative() || quantity.thousandths() > MAX_QUANTITY {
                return Err(limits::out("quantity").into());
            }
            (quantity.minus(context.facts.stock(item)?)?, Some(quantity))
        }
    };
    let reason = reason.to_owned();
    Ok(vec![Event::StockMoved(StockMoved {
        item,
        movement: kind,
        quantity: moved,
        counted,
        reason,
    })])
}
