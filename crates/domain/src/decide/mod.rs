//! The rules: what a command makes happen, or why it is refused.
//!
//! Pure. The guards run in the order of core.md: well-formed and within limits, the person and the
//! right, the day, the basket's state, the rule itself. The first that says no is the answer. (That an
//! id was used before is seen earlier, by whoever keeps the journal.)

mod accounts;
mod agencies;
mod attempts;
mod audit;
mod basket;
mod cash;
mod cash_machine;
mod closings;
mod country;
mod coupons;
mod desk;
mod devices;
mod discounts;
mod foreign;
mod invoices;
pub(crate) mod limits;
mod office;
mod pay;
mod recalls;
mod receipts;
mod records;
mod refunds;
mod reservations;
mod returns;
mod rksv;
mod scan;
mod sell;
mod signature;
mod signing;
mod terminal_way;
mod tips;
mod transfers;
mod vouchers;
mod weighing;

use jiff::Timestamp;

use crate::command::{Command, ShopCommand, TillCommand};
use crate::event::Event;
use crate::facts::{Facts, Stop};
use crate::ids::{PersonId, TillId};
use crate::people::{NameDigest, Permission};
use crate::refusal::Refusal;
use crate::rksv::RksvKind;
use crate::state::State;
use crate::voucher::{FreshCode, VoucherCode, VoucherHash};

pub use attempts::MAX_REVERSAL_FAILURES;
pub use limits::{MAX_CASH_CHANGE, MAX_LINE_AMOUNT, MAX_LINES, MAX_NAME, MAX_QUANTITY, MAX_TEXT};
pub use office::check_draft;
pub use weighing::to_weigh;

pub(crate) use limits::text as check_text;

/// Everything a rule may look at.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The shop as it is.
    pub state: &'a State,
    /// Catalogue and finished receipts.
    pub facts: &'a dyn Facts,
    /// Now.
    pub now: Timestamp,
    /// Who asks.
    pub person: Option<PersonId>,
    /// A second person who approves; their PIN was checked.
    pub approver: Option<PersonId>,
    /// The digest of the name in a `put_person`, or of the details in a `put_customer`, by the key that
    /// they have or are given: keys are random, so whoever asks brings it. None for every other command.
    pub name: Option<NameDigest>,
    /// The hash of the voucher code in the command; none when it names none that can be read.
    pub voucher: Option<VoucherHash>,
    /// Codes made for the vouchers that the command may sell. Random, so whoever asks brings them.
    pub fresh: &'a [FreshCode],
    /// What the reference of a transfer is made of. Random, so whoever asks brings it.
    pub random: [u8; 8],
}

/// What `command` makes happen: at least one event, or an empty list for what is so already.
pub fn decide(context: Context<'_>, command: &Command) -> Result<Vec<Event>, Stop> {
    match command {
        Command::Till(till, command) => at_till(context, *till, command),
        Command::Shop(command) => office::decide(context, command),
    }
}

/// The right that a command at a till needs.
pub const fn till_permission(command: &TillCommand) -> Permission {
    use TillCommand as C;
    match command {
        C::OpenDay { .. } => Permission::OpenDay,
        C::Scan { .. }
        | C::AddItem { .. }
        | C::Weighed { .. }
        | C::SellUnknown { .. }
        | C::ChangeQuantity { .. }
        | C::Note { .. }
        | C::ConfirmAge { .. }
        | C::NewBasket
        | C::SwitchBasket { .. }
        | C::Park { .. }
        | C::Recall { .. }
        | C::PayCash { .. }
        | C::PayCashMachine { .. }
        | C::PayCard { .. }
        | C::PayCardExternal { .. }
        | C::SellVoucher { .. }
        | C::TopUpVoucher { .. }
        | C::PayVoucher { .. }
        | C::PayOutVoucher
        | C::AddTip { .. }
        | C::PayTransfer { .. }
        | C::GiveUpTransfer { .. }
        | C::PayForeignCash { .. }
        | C::CancelCard
        | C::Reserve { .. }
        | C::CancelReserving
        | C::PayReserved { .. }
        | C::ReleaseReservation { .. }
        | C::CompareSignature { .. }
        | C::UndoTender
        | C::EndShift
        | C::RemoveDiscount { .. }
        | C::GiveCouponBack { .. }
        | C::IssueInvoice { .. }
        | C::DeclineReceipt { .. }
        | C::ControlReceipt => Permission::Sell,
        C::PayOnAccount { .. } | C::SettleAccount { .. } => Permission::SellOnAccount,
        C::PayOutCredit { .. } => Permission::RecordAccountPayments,
        C::DiscountLine { .. } | C::DiscountReceipt { .. } => Permission::Discount,
        C::OverridePrice { .. } => Permission::OverridePrice,
        C::VoidLine { .. } => Permission::VoidLine,
        C::AbortBasket { .. } => Permission::AbortBasket,
        C::GiveBenefit { .. } => Permission::GiveBenefits,
        C::ReturnLine { .. } | C::ReturnReceipt { .. } => Permission::ReturnWithReceipt,
        C::ReturnWithoutReceipt { .. } => Permission::ReturnWithoutReceipt,
        C::PaidIn { .. } | C::PaidOut { .. } => Permission::MoveCash,
        C::Drop { .. } | C::CollectCash { .. } => Permission::DropCash,
        C::NoSale { .. } => Permission::NoSale,
        C::CountDrawer { .. } | C::CloseDay { .. } => Permission::CloseDay,
        C::ResolveDoubt { .. } | C::ConfirmTransfer { .. } | C::EndReservation { .. } => {
            Permission::ResolvePayments
        }
        C::Training { .. } => Permission::Training,
        C::Reprint { .. } => Permission::SeeReceipts,
        C::SignOut
        | C::SignIn { .. }
        | C::Attempt { .. }
        | C::TerminalDay { .. }
        | C::Signing { .. }
        | C::Rksv(_)
        | C::DrawerAlarm(_)
        | C::TakeBankMessage(_) => Permission::SignedIn,
        C::NoteWrongSecret(_) => Permission::Public,
    }
}

/// The right that a command of the office needs.
pub const fn shop_permission(command: &ShopCommand) -> Permission {
    use ShopCommand as C;
    match command {
        C::Configure { .. }
        | C::TryDrawer(_)
        | C::AskRksvReceipt { .. }
        | C::NoteRksv { .. }
        | C::RksvSecret(_) => Permission::ManageSettings,
        C::BasedOn { command, .. } => shop_permission(command),
        C::PutItem { .. }
        | C::RetireItem { .. }
        | C::SettleUnknownCode { .. }
        | C::RecallBatches { .. }
        | C::LiftRecall { .. }
        | C::BeginImport { .. }
        | C::ImportItems { .. }
        | C::FinishImport { .. }
        | C::CancelImport { .. } => Permission::ManageItems,
        C::PutPerson { .. } | C::ForgetPerson { .. } | C::SetCredential { .. } => {
            Permission::ManagePeople
        }
        C::TakeBankMessage(_) | C::SettleBankMessage { .. } => Permission::ResolvePayments,
        C::CloseTerminalDay { despite_doubt: None, .. } => Permission::CloseDay,
        C::CloseTerminalDay { despite_doubt: Some(_), .. }
        | C::SettleTerminalDay { .. }
        | C::ExplainTerminalDay { .. } => Permission::ResolvePayments,
        C::IssueInvoice { .. } => Permission::SeeReceipts,
        C::MoveStock { .. } => Permission::ManageStock,
        C::BlockVoucher { .. } | C::UnblockVoucher { .. } => Permission::ManageVouchers,
        C::PutCustomer { .. } | C::ForgetCustomer { .. } => Permission::ManageCustomers,
        C::RecordAccountPayment { .. } => Permission::RecordAccountPayments,
        C::RegisterTerminal { .. }
        | C::ConfirmTerminal { .. }
        | C::InspectTerminal { .. }
        | C::TerminalReported { .. }
        | C::PhotographTerminal { .. } => Permission::ManageTerminals,
        C::NoteBackup { .. } | C::OpenAudit { .. } | C::EndAudit { .. } => Permission::ManageRecord,
        C::OfficeSignIn { .. }
        | C::SigningUnit { .. }
        | C::RksvSigner { .. }
        | C::EnterAudit { .. }
        | C::LookInAudit { .. }
        | C::NoteHandedOver(_)
        | C::NoteProgram { .. } => Permission::SignedIn,
        C::NoteWrongSecret(_) => Permission::Public,
    }
}

fn at_till(context: Context<'_>, till: TillId, command: &TillCommand) -> Result<Vec<Event>, Stop> {
    use TillCommand as C;
    limits::check(command)?;
    let mut desk = desk::Desk::at(context, till)?;
    match command {
        C::SignIn { person } => return cash::sign_in(desk, *person),
        C::SignOut => return cash::sign_out(desk),
        // Nobody needs to be signed in any more for what a terminal says.
        C::Attempt { attempt, step } => return attempts::step(desk, *attempt, step),
        // Nor for what the bank says.
        C::TakeBankMessage(said) => return transfers::taken_at_till(desk, said),
        C::TerminalDay { closing, step } => return closings::step(desk, *closing, step),
        C::Signing { of, step } => return signing::step(desk, *of, step),
        C::Rksv(step) => return rksv::step(desk, till, step),
        // Nor for what the drawer's switch says; between two days there is no drawer to speak of.
        C::DrawerAlarm(alarm) => return cash::drawer_alarm(desk, *alarm),
        C::NoteWrongSecret(wrong) => return Ok(vec![Event::SignInFailed(*wrong)]),
        _ => {}
    }
    desk.right(till_permission(command))?;
    match command {
        C::OpenDay { float } => cash::open_day(desk, *float),
        C::Training { on } => cash::training(desk, *on),
        C::Reprint { receipt, hospitality } => returns::reprint(desk, *receipt, *hospitality),
        C::IssueInvoice { receipt, recipient } => {
            invoices::issue(desk.context, *receipt, recipient)
        }
        C::DeclineReceipt { receipt } => receipts::declined(context, *receipt),
        C::ControlReceipt => rksv::ask(context.state, till, RksvKind::Zero),
        C::ResolveDoubt { attempt, charged, reason } => {
            attempts::resolve(desk, *attempt, *charged, reason)
        }
        _ => {
            desk.day()?;
            if adds_goods(command) {
                desk.takes_goods()?;
            }
            in_day(desk, command)
        }
    }
}

/// Commands that put a line into the basket, or begin one with it.
fn adds_goods(command: &TillCommand) -> bool {
    use TillCommand as C;
    // A voucher that is scanned pays.
    if matches!(command, C::Scan { code, .. } if VoucherCode::looks_like(code)) {
        return false;
    }
    matches!(
        command,
        C::Scan { .. }
            | C::AddItem { .. }
            | C::Weighed { .. }
            | C::SellUnknown { .. }
            | C::SellVoucher { .. }
            | C::TopUpVoucher { .. }
            | C::AddTip { .. }
            | C::SettleAccount { .. }
            | C::PayOutCredit { .. }
            | C::ReturnLine { .. }
            | C::ReturnReceipt { .. }
            | C::ReturnWithoutReceipt { .. }
    )
}

fn in_day(desk: desk::Desk<'_>, command: &TillCommand) -> Result<Vec<Event>, Stop> {
    use TillCommand as C;
    match command {
        C::Scan { code, .. } if VoucherCode::looks_like(code) => {
            vouchers::pay(desk, code, None, false)
        }
        C::SellVoucher { amount, of } => vouchers::sell(desk, *amount, *of),
        C::TopUpVoucher { code, amount } => vouchers::top_up(desk, code, *amount),
        C::PayVoucher { code, amount, despite_expiry } => {
            vouchers::pay(desk, code, *amount, *despite_expiry)
        }
        C::PayOutVoucher => vouchers::pay_out(desk),
        C::AddTip { tip } => tips::add(desk, *tip),
        C::PayOnAccount { customer, amount } => accounts::pay(desk, *customer, *amount),
        C::PayOutCredit { customer, amount } => accounts::pay_out(desk, *customer, *amount),
        C::SettleAccount { customer, amount, receipt, credit } => {
            accounts::settle(desk, *customer, *amount, (*receipt, *credit))
        }
        C::Scan { code, quantity, price } => scan::scan(desk, code, *quantity, *price),
        C::AddItem { item, quantity, price } => sell::add_item(desk, *item, *quantity, *price),
        C::Weighed { asked, weighed } => weighing::weighed(desk, asked, weighed),
        C::SellUnknown { code, group, price, quantity, name } => {
            let goods = sell::UnknownGoods { code, group: *group, price: *price, name };
            sell::sell_unknown(desk, &goods, *quantity)
        }
        C::ChangeQuantity { line, quantity } => sell::change_quantity(desk, *line, *quantity),
        C::DiscountLine { line, discount, reason } => {
            discounts::discount_line(desk, *line, *discount, reason)
        }
        C::DiscountReceipt { discount, reason } => {
            discounts::discount_receipt(desk, *discount, reason)
        }
        C::RemoveDiscount { line } => discounts::remove_discount(desk, *line),
        C::GiveCouponBack { no } => coupons::give_back(desk, *no),
        C::OverridePrice { line, price, reason } => {
            sell::override_price(desk, *line, *price, reason)
        }
        C::VoidLine { line } => sell::void_line(desk, *line),
        C::Note { line, text } => sell::note(desk, *line, text),
        C::ConfirmAge { age } => sell::confirm_age(desk, *age),
        C::NewBasket => basket::new_basket(desk),
        C::SwitchBasket { basket } => basket::switch(desk, *basket),
        C::AbortBasket { reason } => basket::abort(desk, reason.clone()),
        C::GiveBenefit { person, reason } => records::give_benefit(desk, *person, reason),
        C::Park { name } => basket::park(desk, name.clone()),
        C::Recall { basket } => basket::recall(desk, *basket),
        C::ReturnLine { receipt, line, quantity } => {
            returns::return_line(desk, *receipt, *line, *quantity)
        }
        C::ReturnReceipt { receipt } => returns::return_receipt(desk, *receipt),
        C::ReturnWithoutReceipt { item, quantity, price, reason } => {
            returns::without_receipt(desk, *item, *quantity, *price, reason)
        }
        C::PayCash { tendered } => pay::pay_cash(desk, *tendered),
        C::PayCashMachine { amount } => cash_machine::pay(desk, *amount),
        C::CollectCash { amount, reason } => cash_machine::collect(desk, *amount, reason),
        C::PayCard { amount, terminal } => attempts::pay_card(desk, *amount, *terminal),
        C::PayCardExternal { amount } => attempts::pay_external(desk, *amount),
        C::PayTransfer { amount } => transfers::ask(desk, *amount),
        C::GiveUpTransfer { transfer } => transfers::give_up(desk, *transfer),
        C::ConfirmTransfer { transfer, amount, reason } => {
            transfers::confirm(desk, *transfer, *amount, reason)
        }
        C::PayForeignCash { tendered } => foreign::pay(desk, *tendered),
        C::CancelCard => attempts::cancel(desk),
        C::Reserve { amount, note, terminal } => {
            reservations::reserve(desk, *amount, note, *terminal)
        }
        C::CancelReserving => reservations::cancel(desk),
        C::PayReserved { reservation, amount } => reservations::pay(desk, *reservation, *amount),
        C::ReleaseReservation { reservation } => reservations::release(desk, *reservation),
        C::EndReservation { reservation, reason } => reservations::end(desk, *reservation, reason),
        C::CompareSignature { equal } => signature::compare(desk, *equal),
        C::UndoTender => pay::undo_tender(desk),
        C::PaidIn { amount, reason, purpose } => cash::paid_in(desk, *amount, (reason, *purpose)),
        C::PaidOut { amount, reason, purpose } => cash::paid_out(desk, *amount, (reason, *purpose)),
        C::Drop { amount, reason } => cash::drop(desk, *amount, reason),
        C::NoSale { reason } => cash::no_sale(desk, reason),
        C::EndShift => cash::end_shift(desk),
        C::CountDrawer { pieces, foreign } => cash::count(desk, pieces, foreign),
        C::CloseDay { despite_doubt } => cash::close_day(desk, despite_doubt.as_deref()),
        C::OpenDay { .. }
        | C::Training { .. }
        | C::Reprint { .. }
        | C::IssueInvoice { .. }
        | C::DeclineReceipt { .. }
        | C::ResolveDoubt { .. }
        | C::Attempt { .. }
        | C::TakeBankMessage(_)
        | C::TerminalDay { .. }
        | C::Signing { .. }
        | C::Rksv(_)
        | C::DrawerAlarm(_)
        | C::ControlReceipt
        | C::SignIn { .. }
        | C::NoteWrongSecret(_)
        | C::SignOut => Err(Refusal::NoBasket.into()),
    }
}
