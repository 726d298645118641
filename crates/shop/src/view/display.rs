//! What the customer sees, out of the till's screen: the same for the page and for a display of two lines.

use domain::Amount;

use crate::api::TillView;
use crate::api::display::{DisplayLine, DisplayPayment, DisplayState, DisplayView};
use crate::api::transfers::{DisplayTransfer, TransferView};
use crate::api::view::{LineView, PaymentView, Truth};

/// What the customer may see: their own goods, nothing about the shop or its people.
pub(crate) fn display_of(view: &TillView) -> DisplayView {
    let zero =
        view.currency.parse().ok().map(|currency| Amount { amount: money::Money::ZERO, currency });
    let zero =
        zero.unwrap_or(Amount { amount: money::Money::ZERO, currency: money::Currency::EUR });
    let empty = DisplayView {
        till: view.till,
        shop: view.shop.clone(),
        language: view.language,
        currency: view.currency.clone(),
        minor_digits: view.minor_digits,
        state: DisplayState::Idle,
        training: view.training,
        practice: view.practice,
        lines: Vec::new(),
        articles: 0,
        total: zero,
        saved: zero,
        due: zero,
        tendered: zero,
        change: zero,
        payment: running_reservation(view),
        transfer: None,
        receipt: None,
    };
    if let Some(basket) = view.basket.as_ref().filter(|b| !b.lines.is_empty()) {
        let tendered = basket
            .tenders
            .iter()
            .fold(money::Money::ZERO, |sum, t| sum.saturating_plus(t.tendered.amount));
        return DisplayView {
            state: DisplayState::Basket,
            training: basket.training,
            lines: basket.lines.iter().map(|l| line(l, basket.last_line == Some(l.line))).collect(),
            articles: basket.articles,
            total: basket.total,
            saved: basket.saved,
            due: basket.due,
            tendered: Amount { amount: tendered, ..zero },
            payment: view.payment.as_ref().map(payment),
            transfer: view.transfer.as_ref().map(transfer),
            ..empty
        };
    }
    match view.last_receipt.as_ref() {
        Some(last) => DisplayView {
            state: DisplayState::Paid,
            training: last.training,
            lines: last.lines.iter().map(|l| line(l, false)).collect(),
            total: last.total,
            saved: last.saved,
            tendered: last.tendered,
            change: last.change,
            payment: None,
            receipt: last.page.clone().filter(|page| page.on_display),
            ..empty
        },
        None => empty,
    }
}

/// A customer whose money is being reserved stands there without goods.
fn running_reservation(view: &TillView) -> Option<DisplayPayment> {
    let running = view.reserving.as_ref().filter(|one| one.truth == Truth::Running);
    running.filter(|one| one.purpose == "reservation").map(payment)
}

fn transfer(transfer: &TransferView) -> DisplayTransfer {
    DisplayTransfer {
        amount: transfer.amount,
        reference: transfer.reference.clone(),
        holder: transfer.holder.clone(),
        iban: transfer.iban.clone(),
        qr: transfer.qr.clone(),
    }
}

fn payment(payment: &PaymentView) -> DisplayPayment {
    let code = (payment.truth == Truth::Running).then(|| payment.code.clone());
    DisplayPayment {
        purpose: payment.purpose.clone(),
        amount: payment.amount,
        truth: payment.truth,
        code: code.unwrap_or_default(),
        inserted: payment.inserted,
        open: payment.open,
    }
}

fn line(line: &LineView, last: bool) -> DisplayLine {
    DisplayLine {
        name: line.name.clone(),
        quantity: line.quantity,
        unit: line.unit,
        price: line.price,
        total: line.total,
        deposit: line.deposit_of.is_some(),
        last,
    }
}
