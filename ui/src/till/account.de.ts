/** Texts of customers' accounts at the till, in German. */
export const account = {
  buy: 'Auf Rechnung', settle: 'Rechnung bezahlen', credit_goods: 'Auf Kundenkonto gutschreiben', who: 'Kunde: Name oder Nummer', look: 'Suchen', nobody: 'Kein Kunde gefunden. Kunden werden im Büro angelegt.',
  number: (n: number) => `Nr. ${n}`, owed: 'Offen', credit: 'Guthaben', available: 'Noch verfügbar', no_limit: 'ohne Limit', term: (days: number) => `fällig nach ${days} Tagen`, blocked: 'gesperrt', other: 'Anderer Kunde',
  go: 'Auf Rechnung buchen', back: 'Gutschreiben', all: 'Leer lassen heißt: alles, was zu zahlen ist.', oldest: 'Älteste zuerst', due: (day: string) => `fällig ${day}`, overdue: (days: number) => (days === 1 ? '1 Tag überfällig' : `${days} Tage überfällig`),
  which: 'Was wird bezahlt?', all_owed: 'Leer lassen heißt: alles Offene.', all_left: 'Leer lassen heißt: dieser Beleg ganz.', settle_go: 'Auf den Bon', more: 'Mehr als offen ist: der Rest wird Guthaben', nothing: 'Es ist nichts offen.', pay_out: (amount: string) => `Guthaben auszahlen: ${amount}`,
  paid: 'Auf Rechnung', credited: 'Auf Kundenkonto gutgeschrieben', until: (day: string) => `fällig ${day}`, payments: 'Zahlungen auf Kundenkonten (kein Umsatz)', invoice: 'Rechnung öffnen',
};
