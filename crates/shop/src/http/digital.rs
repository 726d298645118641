//! Receipts without paper: sent from the till and from the office, and what became of it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::digital::{mail_address, phone_number};
use domain::settings::Settings;
use domain::{Permission as P, ReceiptRef, TillId};
use store::{MessageKind, MessageRow, OutboxState, Reader, StoreError};

use super::App;
use super::body::{At, Body};
use super::guard::Caller;
use super::problem::{Answer, Failure};
use super::routes::Routes;
use crate::api::digital::{
    DigitalSecret, DigitalView, MessageRowView, MessageState, MessageWay, PaperlessWays,
    ReceiptAsked, ReceiptPageView, SendRequest, SettleMessage, TestRequest,
};
use crate::digital::{
    ensure_page, masked, open_receiver, page_view, seal_receiver, secret_name, tell,
};
use crate::print::numbered;
use crate::vault::{self, Kept};

/// Messages that are listed.
const LISTED: u32 = 200;
/// Messages about one receipt: nobody sends one to the whole town.
const ABOUT_ONE: u32 = 10;
/// Longest password, key or token.
const LONGEST: usize = 500;

pub(super) fn routes(r: &mut Routes) {
    r.post("/tills/{till}/receipt/send", P::Sell, send_at_till).says(|o| {
        o.about("till", "Send a receipt by mail or text; what becomes of it is seen later.")
            .takes::<SendRequest>()
            .answers::<MessageRowView>()
    });
    r.post("/tills/{till}/receipt/page", P::Sell, page_at_till).says(|o| {
        o.about("till", "The page of a receipt; it is made when it has none.")
            .takes::<ReceiptAsked>()
            .answers::<ReceiptPageView>()
    });
    r.get("/digital", P::SeeReceipts, view).says(|o| {
        o.about(
            "receipts",
            "Receipts without paper: whose secrets are known, and what is on its way.",
        )
        .answers::<DigitalView>()
    });
    r.post("/digital/send", P::SeeReceipts, send).says(|o| {
        o.about("receipts", "Send a receipt by mail or text.")
            .takes::<SendRequest>()
            .answers::<MessageRowView>()
    });
    r.post("/digital/page", P::SeeReceipts, page).says(|o| {
        o.about("receipts", "The page of a receipt; it is made when it has none.")
            .takes::<ReceiptAsked>()
            .answers::<ReceiptPageView>()
    });
    r.post("/digital/secret", P::ManageSettings, set_secret).says(|o| {
        o.about(
            "receipts",
            "Tell the shop a password, key or token; it is kept apart and told to nobody.",
        )
        .takes::<DigitalSecret>()
        .answers::<DigitalView>()
    });
    r.post("/digital/test", P::ManageSettings, test).says(|o| {
        o.about("receipts", "Send a message that only shows that messages arrive.")
            .takes::<TestRequest>()
            .answers::<MessageRowView>()
    });
    r.post("/digital/messages/{id}", P::SeeReceipts, settle).says(|o| {
        o.about(
            "receipts",
            "Settle a message that is `unknown` or `failed`: it arrived, or it is sent again. What waits is tried at once.",
        )
        .takes::<SettleMessage>()
        .answers::<DigitalView>()
    });
    r.delete("/digital/messages/{id}/receiver", P::SeeReceipts, forget)
        .says(|o| o.about("receipts", "Forget to whom a message went.").answers::<DigitalView>());
}

fn refused(code: &'static str, title: &'static str) -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code, title)
}

/// To whom it goes as it is kept: an address or a number that can be one.
fn receiver(settings: &Settings, way: MessageWay, to: &str) -> Answer<(MessageKind, String)> {
    let digital = settings.digital();
    match way {
        MessageWay::Mail => {
            if digital.mail.is_none() {
                return Err(refused("mail_not_set_up", "no mail server is set up"));
            }
            let to =
                mail_address(to).ok_or_else(|| refused("bad_mail", "this is no mail address"))?;
            Ok((MessageKind::Mail, to.to_owned()))
        }
        MessageWay::Sms => {
            let sms =
                digital.sms.ok_or_else(|| refused("sms_not_set_up", "no gateway is set up"))?;
            let to = phone_number(to, &sms.prefix);
            Ok((
                MessageKind::Sms,
                to.ok_or_else(|| refused("bad_phone", "this is no telephone number"))?,
            ))
        }
        MessageWay::Page => Err(Failure::bad_field("way")),
    }
}

async fn seq_of(app: &App, asked: ReceiptAsked) -> Answer<u64> {
    let found = app
        .read(move |reader| reader.receipt_row(asked.till, asked.training, asked.number))
        .await?;
    Ok(found.ok_or_else(Failure::not_found)?.seq)
}

async fn send_at_till(
    State(app): State<App>,
    At(till): At<TillId>,
    caller: Caller,
    Body(asked): Body<SendRequest>,
) -> Answer<Json<MessageRowView>> {
    caller.at(till)?;
    queue(&app, Some(till), asked).await
}

async fn send(
    State(app): State<App>,
    Body(asked): Body<SendRequest>,
) -> Answer<Json<MessageRowView>> {
    queue(&app, None, asked).await
}

async fn queue(
    app: &App,
    till: Option<TillId>,
    asked: SendRequest,
) -> Answer<Json<MessageRowView>> {
    let settings = app.settings().await?;
    let (kind, to) = receiver(&settings, asked.way, &asked.to)?;
    let seq = seq_of(app, asked.receipt).await?;
    if app.read(move |reader| reader.messages_about(seq)).await? >= ABOUT_ONE {
        return Err(refused("too_many_messages", "this receipt was sent often enough"));
    }
    let page = settings.digital().page;
    let by_text = kind == MessageKind::Sms;
    if by_text && page.is_none() {
        return Err(refused(
            "sms_needs_page",
            "a text leads to the receipt's page, and there is none",
        ));
    }
    let (now, of, keep) = (app.now(), asked.receipt.till, asked.keep);
    let added = app.engine().with_store(move |store| {
        if let Some(page) = page.filter(|_| by_text) {
            ensure_page(store, &page, (of, seq), now)?;
        }
        let sealed = seal_receiver(store, &to)?;
        let id = store.add_message(kind, (till, Some(seq)), (Some(&sealed), keep), now)?;
        store.message(id)
    });
    let row = added.await??.ok_or_else(Failure::not_found)?;
    app.engine().outlet().ring();
    let shown = app.read(move |reader| row_view(reader, row)).await?;
    Ok(Json(shown))
}

async fn test(
    State(app): State<App>,
    Body(asked): Body<TestRequest>,
) -> Answer<Json<MessageRowView>> {
    let settings = app.settings().await?;
    let (kind, to) = receiver(&settings, asked.way, &asked.to)?;
    let now = app.now();
    let added = app.engine().with_store(move |store| {
        let sealed = seal_receiver(store, &to)?;
        let id = store.add_message(kind, (None, None), (Some(&sealed), false), now)?;
        store.message(id)
    });
    let row = added.await??.ok_or_else(Failure::not_found)?;
    app.engine().outlet().ring();
    let shown = app.read(move |reader| row_view(reader, row)).await?;
    Ok(Json(shown))
}

async fn page_at_till(
    State(app): State<App>,
    At(till): At<TillId>,
    caller: Caller,
    Body(asked): Body<ReceiptAsked>,
) -> Answer<Json<ReceiptPageView>> {
    caller.at(till)?;
    page(State(app), Body(asked)).await
}

async fn page(
    State(app): State<App>,
    Body(asked): Body<ReceiptAsked>,
) -> Answer<Json<ReceiptPageView>> {
    let settings = app.settings().await?;
    let page = settings.digital().page;
    let page = page.ok_or_else(|| refused("page_not_set_up", "receipts have no pages here"))?;
    let seq = seq_of(&app, asked).await?;
    let (now, of) = (app.now(), page.clone());
    let made =
        app.engine().with_store(move |store| ensure_page(store, &of, (asked.till, seq), now));
    let (link, state) = made.await??;
    app.engine().outlet().ring();
    let view = page_view(&page, &link, state);
    Ok(Json(ReceiptPageView { on_display: false, ..view }))
}

async fn view(State(app): State<App>) -> Answer<Json<DigitalView>> {
    Ok(Json(all(&app).await?))
}

async fn all(app: &App) -> Answer<DigitalView> {
    app.read(|reader| {
        let kept = |way| vault::kept(reader, secret_name(way));
        let (mail, sms) = (kept(MessageWay::Mail)?, kept(MessageWay::Sms)?);
        let page = kept(MessageWay::Page)?;
        let ways = |is: fn(&Kept) -> bool| PaperlessWays {
            page: is(&page),
            mail: is(&mail),
            sms: is(&sms),
        };
        let rows = reader.messages(LISTED)?;
        let messages =
            rows.into_iter().map(|row| row_view(reader, row)).collect::<Result<_, _>>()?;
        Ok(DigitalView {
            secrets: ways(|kept| matches!(kept, Kept::Text(_))),
            lost: ways(|kept| matches!(kept, Kept::Lost)),
            messages,
        })
    })
    .await
}

fn row_view(reader: &Reader, row: MessageRow) -> Result<MessageRowView, StoreError> {
    let issued = match row.seq {
        Some(seq) => reader.receipt_at(seq)?,
        None => None,
    };
    let to = match &row.receiver {
        Some(sealed) => open_receiver(reader, sealed)?,
        None => None,
    };
    let number = issued.as_ref().map(|issued| {
        format!("{}-{}", issued.till, numbered(issued.receipt.number, issued.incarnation))
    });
    let receipt =
        issued.map(|issued| ReceiptRef { till: issued.till, number: issued.receipt.number });
    // What is being handed over right now is of unknown fate only if it stays so.
    let sending = row.note == "sending";
    Ok(MessageRowView {
        id: row.id,
        way: match row.kind {
            MessageKind::Mail => MessageWay::Mail,
            MessageKind::Sms => MessageWay::Sms,
            MessageKind::Upload => MessageWay::Page,
        },
        till: row.till,
        receipt,
        number: number.unwrap_or_default(),
        to: to.as_deref().map(masked).unwrap_or_default(),
        keep: row.keep,
        state: match row.state {
            OutboxState::Waiting => MessageState::Waiting,
            OutboxState::Unknown if sending => MessageState::Waiting,
            OutboxState::Done => MessageState::Done,
            OutboxState::Unknown => MessageState::Unknown,
            OutboxState::Failed => MessageState::Failed,
        },
        note: row.note,
        attempts: row.attempts,
        created: row.created,
        next: (row.state == OutboxState::Waiting).then_some(row.next),
    })
}

async fn set_secret(
    State(app): State<App>,
    Body(asked): Body<DigitalSecret>,
) -> Answer<Json<DigitalView>> {
    let secret = asked.secret.trim().to_owned();
    if secret.chars().count() > LONGEST || secret.chars().any(char::is_control) {
        return Err(Failure::bad_field("secret"));
    }
    let name = secret_name(asked.way);
    let kept = app.engine().with_store(move |store| {
        if secret.is_empty() { store.erase_meta(name) } else { vault::keep(store, name, &secret) }
    });
    kept.await??;
    app.engine().outlet().ring();
    view(State(app)).await
}

async fn settle(
    State(app): State<App>,
    At(id): At<i64>,
    Body(said): Body<SettleMessage>,
) -> Answer<Json<DigitalView>> {
    let known = app.read(move |reader| reader.message(id)).await?;
    let row = known.filter(|row| row.state != OutboxState::Done).ok_or_else(Failure::not_found)?;
    let now = app.now();
    let settled = app.engine().with_store(move |store| store.settle_message(id, said.done, now));
    if !settled.await?? {
        let lost = row.receiver.is_none() && row.kind != MessageKind::Upload;
        return Err(if lost {
            refused("receiver_forgotten", "nobody knows any more to whom it was to go")
        } else {
            refused("message_waiting", "it still waits to be sent")
        });
    }
    tell(app.engine()).await;
    app.engine().outlet().ring();
    view(State(app)).await
}

async fn forget(State(app): State<App>, At(id): At<i64>) -> Answer<Json<DigitalView>> {
    let forgotten = app.engine().with_store(move |store| store.forget_receiver(id)).await??;
    if !forgotten {
        return Err(refused("message_waiting", "it still waits to be sent"));
    }
    view(State(app)).await
}
