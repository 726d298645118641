/** Every refusal and problem in a sentence or two: what happened, what is safe, what comes next. */
import { count, date, dateTime, money, quantity } from '../kit/format';
import type { DeviceFact, InspectionPoint, Permission, Refusal, RefusalCode } from '../api/types';
import type { permissions as Names } from './words.de';

/** What a text may need besides the refusal itself. */
export interface Says extends Partial<Omit<Refusal, 'code'>> {
  permissions: typeof Names;
}
const right = (s: Says): string => (s.permission ? s.permissions[s.permission as Permission] : s.permissions.signed_in);

const fields: Record<string, string> = {
  quantity: 'Menge', price: 'Preis', amount: 'Betrag', reason: 'Grund', text: 'Text', name: 'Name', code: 'Code',
  number: 'Nummer', recall_batch: 'Charge', recall_reason: 'Grund', recalls: 'Zahl der Rückrufe', float: 'Wechselgeld', discount: 'Rabatt', tendered: 'gegebener Betrag', codes: 'Strichcode',
  lines: 'Zahl der Positionen', note: 'Notiz', place: 'Standort', make: 'Hersteller', pieces: 'Stückzahl', despite_doubt: 'Grund',
};
const field = (name: string | undefined): string => (name ? (fields[name] ?? name) : 'Angabe');

/** What another terminal says of itself, and what an inspection found. */
export const deviceFacts: Record<DeviceFact, string> = {
  terminal_id: 'die Terminal-ID', model: 'das Gerät', serial: 'die Seriennummer', software: 'die Software',
};
export const devicePoints: Record<InspectionPoint, string> = {
  seal: 'Siegel', overlay: 'Aufsatz an Tasten oder Kartenschlitz', cables: 'Kabel', serial: 'Seriennummer auf dem Etikett', surroundings: 'Umgebung und Kameras',
};
/** What kind of coupon it is. */
const coupons: Record<string, string> = {
  refund_receipt: 'ein Auszahlungsbeleg', common_currency: 'ein Coupon eines Herstellers', agreed: 'ein Coupon des Handels', global: 'ein Coupon mit GCN', north_american: 'ein Coupon aus Nordamerika',
};
/** Why a terminal is stopped, in a sentence or two. */
export function why(changed: readonly DeviceFact[] | undefined, findings: readonly InspectionPoint[] | undefined): string {
  const said = changed?.length ? `Es meldet etwas anderes als im Verzeichnis (${changed.map((fact) => deviceFacts[fact]).join(', ')}).` : '';
  const found = findings?.length ? `Bei der Prüfung ist etwas aufgefallen (${findings.map((point) => devicePoints[point]).join(', ')}).` : '';
  return [said, found].filter(Boolean).join(' ');
}

/** Why a coupon of the shop's own is not taken. */
function couponFault(fault: Says['fault']): string {
  switch (fault?.kind) {
    case 'ended': return 'wird nicht mehr angenommen.';
    case 'not_yet': return `gilt erst ab ${dateTime(fault.from)}.`;
    case 'expired': return `ist abgelaufen (gültig bis ${dateTime(fault.until)}).`;
    case 'redeemed': return fault.receipt ? `ist schon eingelöst (Beleg ${fault.receipt.till}-${fault.receipt.number}).` : 'liegt schon auf einem offenen Bon.';
    case 'no_serial': return 'gilt nur mit der Seriennummer auf dem Papier: bitte den ganzen Code scannen.';
    case 'enough': return fault.per_receipt === 1 ? 'gilt nur einmal je Bon.' : `gilt höchstens ${count(fault.per_receipt)}-mal je Bon.`;
    case 'minimum': return `gilt ab einem Einkauf von ${money(fault.minimum)}.`;
    default: return 'passt zu keiner Ware auf dem Bon. Bitte zuerst die Ware scannen.';
  }
}

export const refusals: Record<RefusalCode, (s: Says) => string> = {
  out_of_limits: (s) => `${field(s.field)}: dieser Wert ist zu klein oder zu groß. Nichts wurde geändert, bitte noch einmal eingeben.`,
  bad_text: (s) => `${field(s.field)}: bitte einen kurzen Text ohne Sonderzeichen eingeben. Nichts wurde geändert.`,
  wrong_currency: () => 'Der Betrag ist in einer anderen Währung als der des Geschäfts. Nichts wurde gebucht.',
  command_id_reused: () => 'Dieser Vorgang wurde doppelt gesendet und nur einmal gebucht. Bitte den Bon ansehen.',
  not_configured: () => 'Das Geschäft ist noch nicht eingerichtet. Bitte im Büro die Einrichtung abschließen.',
  bad_settings: (s) => `Diese Einstellungen passen nicht zusammen (${s.problem ?? '?'}). Gespeichert ist der Stand von vorher.`,
  not_in_country: () => 'Das gibt es im Land dieses Geschäfts nicht.',
  unknown_till: () => 'Diese Kasse gibt es nicht. Bitte eine Kasse auswählen.',
  not_signed_in: () => 'Hier ist niemand angemeldet. Der Bon ist gespeichert; bitte mit PIN anmelden.',
  not_permitted: (s) => `Dafür fehlt das Recht „${right(s)}“. Eine zweite Person kann es freigeben.`,
  limit_exceeded: (s) => `Das geht über die Grenze des Rechts „${right(s)}“. Eine zweite Person kann es freigeben.`,
  approval_refused: () => 'Diese Person kann das nicht freigeben. Bitte eine andere Person mit dem Recht holen.',
  day_not_open: () => 'Der Kassentag ist noch nicht eröffnet. Bitte zuerst das Wechselgeld eingeben.',
  day_already_open: () => 'Der Kassentag ist schon offen. Es kann verkauft werden.',
  no_basket: () => 'Es ist kein Bon offen. Einfach scannen, dann beginnt einer.',
  unknown_basket: () => 'Diesen Bon gibt es hier nicht mehr, vielleicht hat ihn eine andere Kasse geholt.',
  basket_not_empty: () => 'Auf dem Bon steht noch etwas. Bitte zuerst parken, abbrechen oder bezahlen.',
  basket_empty: () => 'Der Bon ist leer. Bitte zuerst etwas scannen.',
  already_paying: () => 'Auf diesen Bon ist schon gezahlt worden. Zum Ändern zuerst die Zahlung zurücknehmen.',
  nothing_paid: () => 'Auf diesen Bon ist noch nichts gezahlt.',
  no_benefit: () => 'Diese Position kann niemand entnehmen, der hier arbeitet: Gutscheine, Trinkgeld, Rückgaben, Pfandbons, Zahlungen auf Rechnungen und Ware anderer nicht. Bitte die Position stornieren oder den Bon bezahlen.',
  open_baskets: () => 'An dieser Kasse sind noch Bons offen. Bitte zuerst bezahlen, parken oder abbrechen.',
  unknown_line: () => 'Diese Position gibt es nicht mehr. Der Bon ist unverändert.',
  line_fixed: () => 'Diese Position lässt sich so nicht ändern (Pfand, Etikett oder Rückgabe). Bei Bedarf stornieren und neu erfassen.',
  unknown_code: (s) => `Der Code ${s.scanned ?? ''} ist nicht im Sortiment. Die Ware kann trotzdem verkauft werden: Gruppe und Preis eingeben.`,
  check_digit: (s) => `Der Code ${s.scanned ?? ''} wurde falsch gelesen (Prüfziffer). Nichts wurde gebucht, bitte noch einmal scannen.`,
  no_code: () => 'Das war kein Strichcode. Nichts wurde gebucht, bitte noch einmal scannen.',
  card_data: () => 'Das waren Daten einer Zahlungskarte. Sie wurden verworfen und nicht gespeichert.',
  card_number: (s) => `${field(s.field)}: hier steht die Nummer einer Zahlungskarte. Sie wurde nicht gespeichert; Kartennummern gehören in keinen Text.`,
  unknown_item: () => 'Diesen Artikel gibt es nicht. Nichts wurde gebucht.',
  item_retired: (s) => `„${s.name ?? 'Der Artikel'}“ ist aus dem Verkauf genommen. Nichts wurde gebucht; die Leitung kann ihn im Büro wieder freigeben.`,
  price_needed: (s) => `„${s.name ?? 'Der Artikel'}“ braucht einen Preis. Bitte eingeben.`,
  no_price: (s) => `„${s.name ?? 'Der Artikel'}“ hat heute keinen Preis. Er kann unter seiner Gruppe mit Preis verkauft werden.`,
  weight_needed: (s) => `„${s.name ?? 'Der Artikel'}“ wird gewogen. Bitte das Gewicht eingeben.`,
  expired: (s) => `„${s.name ?? 'Die Ware'}“ ${s.on ? `war nur bis ${date(s.on)} zu verbrauchen` : 'ist abgelaufen'} und darf nicht verkauft werden. Nichts wurde gebucht; bitte aus dem Regal nehmen.`,
  recalled: (s) => `„${s.name ?? 'Die Ware'}“, Charge ${s.batch ?? ''}, ist seit ${s.dated ? date(s.dated) : ''} zurückgerufen: ${s.reason ?? ''}. Sie darf nicht verkauft werden; nichts wurde gebucht.`,
  unknown_recall: () => 'Diesen Rückruf gibt es nicht.',
  coupon: (s) => `Das ist ${coupons[s.kind ?? ''] ?? 'ein Coupon'} (${s.scanned ?? ''}), der hier nicht hinterlegt ist. Nichts wurde gebucht.`,
  whole_pieces: () => 'Stückware gibt es nur im Ganzen. Bitte eine ganze Zahl eingeben.',
  no_rate: () => 'Für diesen Steuerschlüssel gilt heute kein Satz. Nichts wurde gebucht; bitte die Leitung holen.',
  not_discountable: () => 'Darauf ist kein Rabatt möglich (Preisbindung oder Pfand). Der Preis bleibt wie er ist.',
  discount_too_high: () => 'Der Rabatt ist höher als der Preis. Nichts wurde geändert, bitte kleiner eingeben.',
  age_not_checked: (s) => `Auf dem Bon ist Ware ab ${s.age ?? 18} Jahren. Bitte zuerst das Alter prüfen.`,
  unknown_receipt: () => 'Diesen Beleg gibt es nicht. Bitte Kasse und Nummer auf dem Bon vergleichen.',
  nothing_left_to_return: (s) => (s.left ? `Davon lassen sich nur noch ${quantity(s.left)} zurückgeben.` : 'Davon ist schon alles zurückgegeben.'),
  training_mix: () => 'Schulungsbelege und echte Belege lassen sich nicht mischen. Nichts wurde gebucht.',
  bad_tender: () => 'Der gegebene Betrag passt nicht. Nichts wurde gebucht, bitte noch einmal eingeben.',
  tip_with_return: () => 'Trinkgeld geht nicht aus dem, was der Kunde zurückbekommt. Die Trinkgeldzeile stornieren.',
  no_tips: () => 'Der Laden nimmt kein Trinkgeld. Im Büro lässt es sich unter „Einstellungen“ einschalten.',
  more_than_due: () => 'Das ist mehr, als offen ist. Nur auf Bargeld gibt es Rückgeld: Karte, Gutschein und Überweisung zahlen genau, was offen ist, oder einen Teil davon. Nichts wurde gebucht.',
  voucher_holds_less: () => 'So viel ist nicht mehr auf dem Gutschein. Nichts wurde gebucht; bitte höchstens das Restguthaben eingeben.',
  rksv_not_set: () => 'Die RKSV ist nicht eingerichtet (Einstellungen, RKSV).',
  rksv_not_started: () => 'Diese Kasse hat noch keinen Startbeleg.',
  rksv_closed: () => 'Diese Kasse hat ihren Schlussbeleg: Es folgt nichts mehr.',
  rksv_by_itself: () => 'Dieser Beleg entsteht von selbst, wenn er fällig ist.',
  not_to_be_signed: () => 'Hier ist nichts zu signieren. Nichts wurde geändert.',
  no_bank_account: () => 'Dieses Geschäft nimmt keine Überweisungen: im Büro ist kein Bankkonto eingetragen, oder es rechnet nicht in Euro. Nichts wurde gebucht.',
  transfer_waiting: () => 'Dieser Bon wartet auf eine Überweisung. Bitte warten, sie aufgeben oder von Hand bestätigen; der nächste Kunde bekommt einen neuen Bon.',
  unknown_transfer: () => 'Auf diese Überweisung wird nicht mehr gewartet. Bitte den Bon ansehen.',
  not_given_back: () => 'So wird kein Geld zurückgegeben. Bitte bar in der Währung des Geschäfts auszahlen, auf die Karte oder als Gutschein.',
  unknown_bank_message: () => 'Diese Meldung der Bank gibt es nicht, oder sie ist schon geklärt.',
  foreign_cash_not_taken: (s) => `${s.currency ?? 'Diese Währung'} wird hier nicht angenommen, oder es gilt heute kein Kurs. Nichts wurde gebucht.`,
  foreign_coins: (s) => `Von ${s.currency ?? 'dieser Währung'} werden nur ganze Scheine angenommen${s.smallest ? `, ab ${money({ amount: s.smallest, currency: s.currency ?? 'EUR' })}` : ''}. Nichts wurde gebucht.`,
  foreign_not_counted: (s) => `In der Lade liegt auch ${s.currency ?? 'Fremdwährung'}. Bitte mitzählen.`,
  no_terminal: () => 'An dieser Kasse ist kein Kartenterminal eingerichtet. Nichts wurde gebucht; bar kassieren geht.',
  no_cash_machine: () => 'An dieser Kasse steht kein Bezahlautomat. Bitte von Hand kassieren.',
  cash_machine_busy: () => 'Der Bezahlautomat ist noch mit etwas anderem beschäftigt. Nichts wurde gebucht; bitte warten oder von Hand kassieren.',
  cash_machine_in_doubt: () => 'Bei einem Vorgang am Bezahlautomaten ist unklar, was er getan hat. Nichts wurde gebucht; bitte zuerst klären oder von Hand kassieren.',
  terminal_busy: () => 'Das Terminal ist mit einer anderen Zahlung beschäftigt. Nichts wurde gebucht; bitte warten oder bar kassieren.',
  cannot_reserve: () => 'Dieses Terminal kann keine Beträge reservieren. Nichts wurde gebucht.',
  unknown_reservation: () => 'Diese Reservierung ist nicht mehr offen: eingelöst, freigegeben oder als erledigt eingetragen.',
  more_than_reserved: () => 'So viel ist nicht reserviert. Nichts wurde gebucht; den Rest bitte anders kassieren.',
  terminal_closing: () => 'Das Terminal macht gerade seinen Kassenschnitt, oder es ist ungeklärt, ob er fertig ist. Bitte kurz warten oder bar kassieren; im Büro steht er unter „Zahlungen“.',
  unknown_closing: () => 'Diesen Kassenschnitt gibt es nicht, oder er ist schon weiter. Bitte die Seite neu laden.',
  signature_not_compared: () => 'Erst die Unterschrift mit der Karte vergleichen.',
  terminal_in_doubt: () => 'Von einer anderen Zahlung an diesem Terminal ist unklar, ob die Karte belastet ist. Nichts wurde gebucht; bitte zuerst klären oder bar kassieren.',
  terminal_stopped: (s) => `An diesem Terminal ist die Kartenzahlung angehalten: ${why(s.changed, s.findings)} Nichts wurde gebucht. Bar und an anderen Terminals geht es weiter; freigeben kann es die Aufsicht im Büro.`,
  signature_differs: () => 'Die Unterschrift weicht ab, aber das Terminal kann die Zahlung gerade nicht zurücknehmen. Das ist festgehalten. Die Ware noch nicht herausgeben und es gleich noch einmal versuchen.',
  unknown_terminal: () => 'Dieses Terminal gibt es nicht.',
  terminal_not_registered: () => 'Dieses Terminal ist noch nicht im Verzeichnis. Bitte zuerst im Büro aufnehmen.',
  attempt_running: () => 'Am Terminal läuft noch eine Zahlung, oder sie ist ungeklärt. Bitte warten, bis feststeht, was daraus wurde.',
  unknown_attempt: () => 'Diese Zahlung läuft nicht mehr oder ist schon geklärt. Bitte den Bon ansehen.',
  payment_in_doubt: () => 'Von einer Zahlung dieser Kasse ist unklar, ob die Karte belastet ist. Bitte zuerst klären, oder mit Grund trotzdem abschließen.',
  drawer_too_low: () => 'So viel Bargeld ist nicht in der Lade. Nichts wurde gebucht.',
  not_counted: () => 'Die Lade muss vor dem Abschluss gezählt werden.',
  taken: (s) => `${field(s.field)} „${s.value ?? ''}“ ist schon vergeben. Bitte anders wählen.`,
  unknown_person: () => 'Diese Person gibt es nicht, oder sie darf sich nicht anmelden.',
  last_manager: () => 'Eine Leitung muss bleiben. Bitte zuerst eine andere Person zur Leitung machen.',
  person_active: () => 'Diese Person darf sich noch anmelden. Bitte zuerst sperren.',
  bad_deposit: () => 'Dieser Pfandartikel passt nicht: er muss bestehen und darf selbst kein Pfand haben.',
  coupon_not_taken: (s) => `Der Coupon „${s.name ?? ''}“ ${couponFault(s.fault)}`,
  slip_redeemed: (s) => `Dieser Pfandbon ist schon eingelöst${s.receipt ? ` (Beleg ${s.receipt.till}-${s.receipt.number})` : ' oder steht auf einem offenen Bon'}. Bitte nicht noch einmal auszahlen.`,
  voucher_typo: () => 'Der Gutscheincode ist vertippt oder falsch gelesen: die Prüfung am Ende passt nicht. Bitte noch einmal eingeben.',
  unknown_voucher: () => 'Diesen Gutschein gibt es hier nicht.',
  too_many_voucher_tries: (s) => `Zu viele unbekannte Gutscheincodes. Gutscheine werden erst in ${s.seconds ?? 60} Sekunden wieder nachgesehen; es wurde nichts gebucht.`,
  voucher_blocked: (s) => `Gutschein ${s.voucher ?? ''} ist gesperrt. Bitte die Aufsicht fragen; es wurde nichts gebucht.`,
  voucher_expired: (s) => `Der Gutschein ist am ${s.on ? date(s.on) : ''} abgelaufen. Mit dem Recht dazu kann er trotzdem angenommen werden.`,
  voucher_empty: () => 'Auf diesem Gutschein ist nichts mehr.',
  voucher_in_use: () => 'Dieser Gutschein liegt schon auf einem offenen Bon. Bitte dort zuerst die Zahlung zurücknehmen oder abschließen.',
  voucher_does_not_fit: () => 'Der Einzweckgutschein gilt nicht (oder nicht in dieser Höhe) für diese Waren. Bitte seine Zeile stornieren und ihn noch einmal scannen.',
  voucher_used: () => 'Dieser Gutschein wurde schon benutzt: sein Verkauf kann nicht mehr zurückgenommen werden.',
  voucher_whole_receipt: () => 'Diese Ware hat ein Einzweckgutschein bezahlt. Bitte den ganzen Bon zurücknehmen.',
  stale: () => 'Jemand anders hat das inzwischen geändert. Bitte neu laden und noch einmal ändern.',
  unknown_customer: () => 'Diesen Kunden gibt es nicht (mehr).',
  customer_blocked: (s) => `Kunde ${s.customer ?? ''} ist gesperrt und kauft nicht auf Rechnung. Es wurde nichts gebucht.`,
  other_customer: () => 'Dieser Bon ist schon zum Teil auf der Rechnung eines anderen Kunden. Ein Bon gehört auf ein Konto.',
  not_on_account: () => 'Gutscheine, Zahlungen auf Rechnungen, für andere Verkauftes (Agentur) und ausgezahltes Geld gehen nicht auf Rechnung. Bitte getrennt kassieren.',
  more_than_owed: () => 'So viel ist nicht (mehr) offen. Mit dem Recht dazu wird der Rest zum Guthaben.',
  no_credit: () => 'So viel Guthaben ist nicht (mehr) da.',
  not_open: () => 'Dieser Beleg ist auf dem Konto nicht offen.',
  account_not_settled: () => 'Das Konto ist nicht ausgeglichen: erst wenn nichts mehr offen und kein Guthaben da ist, kann der Kunde vergessen werden.',
  already_invoiced: () => 'Der Beleg steht auf einem Kundenkonto und hat damit schon seine Rechnung.',
  sold_for_others: () => 'Auf dem Beleg steht etwas, das für andere verkauft wurde (Agentur). Eine eigene Rechnung darüber gibt es nicht: Die stellt, für wen verkauft wurde.',
  nothing_to_invoice: () => 'Auf diesem Beleg steht nichts, worüber eine Rechnung gestellt werden kann.',
  audit_running: () => 'Es ist schon eine Nachschau offen.',
  no_audit: () => 'Es ist keine Nachschau offen, oder ihre Zeit ist um.',
  must_be_kept: (r) => `Das ist noch aufzubewahren, bis ${r.until ? date(r.until) : ''}.`,
  import_running: () => 'Es läuft schon ein Import. Bitte warten oder ihn abbrechen.',
  unknown_import: () => 'Diesen Import gibt es nicht mehr.',
};

export const problems = {
  wrong_secret: 'Die PIN stimmt nicht. Bitte noch einmal eingeben.',
  locked: 'Zu oft falsch eingegeben. Bitte einige Minuten warten, oder die Leitung vergibt eine neue PIN.',
  wrong_approval: 'Diese Freigabe stimmt nicht. Nichts wurde gebucht; bitte Person und PIN noch einmal eingeben.',
  not_permitted: 'Dafür fehlt das Recht. Nichts wurde geändert.',
  other_till: 'Dieses Gerät ist an einer anderen Kasse angemeldet. Bitte hier anmelden.',
  not_stored: 'Auf dem Rechner ließ sich nichts speichern. Nichts wurde gebucht; bitte die Leitung holen.',
  bad_field: 'Eine Angabe passt nicht. Nichts wurde gebucht, bitte noch einmal eingeben.',
  no_answer: 'Keine Antwort von der Kasse. Noch weiß niemand, ob es gebucht ist; Tresen fragt selbst nach.',
  given_up: 'Noch immer keine Antwort. Beim erneuten Senden wird nichts doppelt gebucht.',
  too_many_streams: 'Zu viele Seiten zeigen dasselbe. Bitte eine davon schließen.',
  not_found: 'Das gibt es nicht (mehr).',
  bad_mail: 'Das ist keine Mailadresse. Bitte ohne Leerzeichen und mit einem @ eingeben.',
  bad_phone: 'Das ist keine Telefonnummer. Zum Beispiel 0170 1234567 oder +43 660 1234567.',
  mail_not_set_up: 'Es ist kein Mailserver eingerichtet (Büro, Einstellungen, Digitale Belege).',
  sms_not_set_up: 'Es ist kein SMS-Anbieter eingerichtet (Büro, Einstellungen, Digitale Belege).',
  page_not_set_up: 'Belegseiten sind nicht eingeschaltet (Büro, Einstellungen, Digitale Belege).',
  sms_needs_page: 'Eine SMS führt zur Belegseite; Belegseiten sind nicht eingeschaltet.',
  too_many_messages: 'Dieser Beleg wurde schon oft genug verschickt.',
  receiver_forgotten: 'Es ist nicht mehr bekannt, an wen. Bitte an der Kasse oder beim Beleg neu senden.',
  message_waiting: 'Die Nachricht wartet noch darauf, verschickt zu werden.',
  other: (code: string) => `Das ging nicht (${code}). Nichts wurde gebucht.`,
  waiting: (n: number) => `${count(n)} warten`,
};
