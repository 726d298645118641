//! What a till shows of transfers.

use domain::settings::Settings;
use domain::transfer::{Confirmed, TenderTransfer, Transfer, payload};
use domain::{Amount, BasketId, State, TillId};
use money::{Currency, Money};

use crate::api::transfers::{QrView, TenderTransferView, TransferView};
use crate::personal::Names;

/// The shop has an account, and the code for banking apps counts in its currency.
pub(crate) fn takes_transfers(settings: &Settings) -> bool {
    settings.bank.is_some() && settings.currency == Currency::EUR
}

/// An IBAN in groups of four, as people read it.
fn grouped(iban: &str) -> String {
    let signs: Vec<char> = iban.chars().collect();
    let groups: Vec<String> = signs.chunks(4).map(|four| four.iter().collect()).collect();
    groups.join(" ")
}

fn qr(transfer: &Transfer) -> Option<QrView> {
    let payload = payload(&transfer.account, transfer.amount, &transfer.reference);
    let (size, path) = receipt::qr_path(&payload)?;
    Some(QrView { size: u32::try_from(size).ok()?, path, payload })
}

/// Without its code, which takes a moment to draw.
fn view(state: &State, settings: &Settings, names: &Names, transfer: &Transfer) -> TransferView {
    let amount = |amount: Money| Amount { amount, currency: settings.currency };
    let basket = state.baskets.get(&transfer.basket);
    TransferView {
        transfer: transfer.id,
        basket: transfer.basket,
        parked: basket.is_some_and(|basket| basket.parked.is_some()),
        reference: transfer.reference.clone(),
        amount: amount(transfer.amount),
        arrived: transfer.arrived.iter().map(|arrived| amount(arrived.amount)).collect(),
        holder: transfer.account.holder.clone(),
        iban: grouped(&transfer.account.iban),
        qr: None,
        asked: transfer.asked,
        person: names.of(transfer.asked_by),
    }
}

/// The transfer that a basket waits for.
pub(super) fn transfer_view(
    state: &State,
    settings: &Settings,
    names: &Names,
    basket: BasketId,
) -> Option<TransferView> {
    let transfer = state.transfer_of(basket)?;
    Some(TransferView { qr: qr(transfer), ..view(state, settings, names, transfer) })
}

/// Transfers of a till's own baskets, and of those that any till can recall. Their codes are shown with
/// their baskets.
pub(super) fn transfer_views(
    state: &State,
    settings: &Settings,
    names: &Names,
    till: TillId,
) -> Vec<TransferView> {
    let here = |transfer: &&Transfer| {
        let basket = state.baskets.get(&transfer.basket);
        basket.is_some_and(|basket| basket.till == till || basket.parked.is_some())
    };
    let open = state.transfers.values().filter(here);
    open.map(|transfer| view(state, settings, names, transfer)).collect()
}

/// The transfer of a tender.
pub(super) fn tender_transfer(of: &TenderTransfer) -> TenderTransferView {
    let person = match of.confirmed {
        Confirmed::Bank { .. } => None,
        Confirmed::Person { person } => Some(person),
    };
    TenderTransferView { reference: of.reference.clone(), person }
}
