/** The office's calls, one function a route of docs/api.md. */
import { fetchFile, get, post, postForFile, remove, shopCommand as send, upload } from '../../api/client';
import type { CommandAnswer, ReceiptPageView, SendRequest, SessionView } from '../../api/types';
import type {
  ChangedPrices, LabelForms, LabelsPrinted, LabelsView, AttemptDetail, AttemptPage, BackupWritten, BankFileView, BankMessagePage, BookAccountRow, CashBookView, CodeMeaning, CountryView, CustomerDetail, CustomerPage, DayPage, DayProof,
  DeviceEntry, DeviceRegister, FoundDevice, PrinterModel, PrinterView, TriedView, DigitalView, ImportStatus, ItemDetail, ItemPage, Movement, OpenAccounts, OutboxJob, PersonRow, ReceiptDetail, ReceiptPage, RecallList, RecallRow, RecordView,
  CashMachineLook, CashMachineRow, RksvKey, RksvReceiptRow, RksvView, ScalePart, SetupInfo, StockPage,
  TerminalDayDetail, TerminalDayPage, TerminalRow, TerminalServed, Today, TransferPage, NextUnit, UnitRow, UnitServiceView, UnknownCode, VoucherDetail, VoucherPage, MessageRow,
} from './reads';
import type { LabelsAsked, LabelsToPrint, Named, Peripheral, Settings, SetupBody, ShopCommand, TerminalKey, TerminalPaired, TerminalSecret, TerminalService, UnitSecret, UnitServiceAsked } from './types';

type Query = Record<string, string | number | boolean | undefined>;
const seg = (part: string | number): string => encodeURIComponent(part);

/** The bounds of a range that are given. */
export function days(from: string, to: string): Record<string, string> {
  return { ...(from && { from }), ...(to && { to }) };
}

export const api = {
  session: () => get<SessionView>('/session'),
  setup: () => get<SetupInfo>('/setup'),
  /** The slow hashing of two secrets takes a moment on a small machine. */
  setUp: (body: SetupBody) => post<unknown>('/setup', body, 30_000),
  tills: () => get<Named[]>('/tills'),
  /** By name, as it stands in the list of people. */
  signIn: (person: string, passphrase: string) => post<unknown>('/office/sign-in', { person, passphrase }, 30_000),
  signOut: () => post<unknown>('/sign-out'),
  today: () => get<Today>('/today'),
  receipts: (query: Query) => get<ReceiptPage>('/receipts', query),
  receipt: (till: number, number: number) => get<ReceiptDetail>(`/receipts/${till}/${number}`),
  payments: (query: Query) => get<AttemptPage>('/payments', query),
  payment: (id: number) => get<AttemptDetail>(`/payments/${id}`),
  terminalDays: (query: Query) => get<TerminalDayPage>('/terminal-days', query),
  terminalDay: (id: number) => get<TerminalDayDetail>(`/terminal-days/${id}`),
  terminalDayOpen: (terminal: number) => get<TerminalDayDetail>(`/terminals/${terminal}/day`),
  scalePart: () => get<ScalePart>('/scales'),
  setScaleSecret: (at: string, secret: string) => post<ScalePart>('/scales/secret', { at, secret }),
  cashMachines: () => get<CashMachineRow[]>('/cash-machines'),
  setCashMachinePassword: (at: string, password: string) => post<CashMachineRow[]>('/cash-machines/password', { at, password }),
  lookAtCashMachine: (device: Peripheral, password?: string) => post<CashMachineLook>('/cash-machines/look', { device, ...(password === undefined ? {} : { password }) }, 40_000),
  terminals: () => get<TerminalRow[]>('/terminals'),
  setTerminalPassword: (terminal: number, password: string) => post<TerminalRow[]>(`/terminals/${terminal}/password`, { password }),
  setTerminalKey: (terminal: number, key: TerminalKey) => post<TerminalRow[]>(`/terminals/${terminal}/key`, key),
  pairTerminal: (terminal: number, code: string) => post<TerminalPaired>(`/terminals/${terminal}/pair`, { code }),
  deviceRegister: () => get<DeviceRegister>('/terminals/register'),
  deviceEntries: (terminal: number, query: Query) => get<DeviceEntry[]>(`/terminals/${terminal}/entries`, query),
  terminalPhoto: (terminal: number, photo: Blob) => upload<DeviceRegister>(`/terminals/${terminal}/photo`, photo, 'image/jpeg'),
  setTerminalSecret: (terminal: number, secret: TerminalSecret) => post<TerminalRow[]>(`/terminals/${terminal}/secret`, secret),
  /** It may take as long as the terminal's own patience. */
  serveTerminal: (terminal: number, what: TerminalService) => post<TerminalServed>(`/terminals/${terminal}/service`, { what }, 240_000),
  /** A PBM; what comes back is its name in the settings. */
  keepLogo: (picture: Blob) => upload<{ logo: string }>('/logo', picture, 'image/x-portable-bitmap'),
  searchDevices: () => post<FoundDevice[]>('/peripherals/search', undefined, 30_000),
  printerModels: () => get<PrinterModel[]>('/peripherals/printer-models'),
  printerState: (device: Peripheral) => post<PrinterView>('/peripherals/state', { device }, 30_000),
  /** It may take as long as the printer's own patience. */
  tryPrinter: (device: Peripheral, what: 'test_page' | 'open_drawer') => post<TriedView>('/peripherals/try', { device, what }, 60_000),
  labelForms: () => get<LabelForms>('/labels/forms'),
  changedPrices: (since: string) => get<ChangedPrices>('/labels/changed', { since }, 60_000),
  labelPreview: (asked: LabelsAsked) => post<LabelsView>('/labels/preview', asked, 60_000),
  labelPdf: (asked: LabelsAsked) => postForFile('/labels/pdf', asked, 120_000),
  labelZpl: (asked: LabelsAsked) => postForFile('/labels/zpl', asked, 120_000),
  /** It answers when the labels came out: that takes as long as the printer does. */
  printLabels: (asked: LabelsToPrint) => post<LabelsPrinted>('/labels/print', asked, 300_000),
  items: (query: Query) => get<ItemPage>('/items', query),
  item: (id: number) => get<ItemDetail>(`/items/${id}`),
  unknownCodes: () => get<UnknownCode[]>('/unknown-codes'),
  /** What a scanned code leads to. */
  codeMeaning: (code: string) => get<CodeMeaning>('/codes', { code }),
  recalls: (query: Query) => get<RecallRow[]>('/recalls', query),
  /** Read only; what is good is entered by a command. */
  readRecalls: (file: File) => upload<RecallList>('/recalls/read', file),
  stock: (query: Query) => get<StockPage>('/stock', query),
  movements: (item: number) => get<Movement[]>(`/stock/${item}/movements`),
  vouchers: (query: Query) => get<VoucherPage>('/vouchers', query),
  voucher: (id: number) => get<VoucherDetail>(`/vouchers/${id}`),
  transfers: (query: Query) => get<TransferPage>('/transfers', query),
  bankMessages: (query: Query) => get<BankMessagePage>('/bank/messages', query),
  /** Shown first; with the digest of what was shown it is taken in. */
  bankFile: (file: File, take?: string) => upload<BankFileView>(`/bank/files${take === undefined ? '' : `?take=${seg(take)}`}`, file, 'application/octet-stream'),
  customers: (query: Query) => get<CustomerPage>('/customers', query),
  customer: (id: number) => get<CustomerDetail>(`/customers/${id}`),
  openAccounts: () => get<OpenAccounts>('/customers/open'),
  beginImport: (file: File) => upload<ImportStatus>(`/imports?name=${seg(file.name)}`, file),
  import: (id: number) => get<ImportStatus>(`/imports/${id}`),
  applyImport: (id: number, keepGood: boolean) => post<ImportStatus>(`/imports/${id}/apply`, { keep_good: keepGood }),
  cancelImport: (id: number) => remove<unknown>(`/imports/${id}`),
  days: (query: Query) => get<DayPage>('/days', query),
  /** A long day is read through, and checked when nobody did yet. */
  dayProof: (till: number, number: number) => get<DayProof>(`/days/${till}/${number}/proof`, {}, 120_000),
  proveAgain: (till: number, number: number) => post<DayProof>(`/days/${till}/${number}/proof`, {}, 120_000),
  people: () => get<PersonRow[]>('/people'),
  /** `current`: one's present secret, needed to change one's own. */
  setSecret: (person: number, kind: 'pin' | 'passphrase', secret: string, current?: string) =>
    post<unknown>(`/people/${person}/credentials`, { kind, secret, ...(current ? { current } : {}) }, 30_000),
  /** The settings, and which state of them this is: the base of a change. */
  settings: async (): Promise<{ settings: Settings; revision: string }> => {
    const { revision, ...settings } = await get<Settings & { revision: string }>('/settings');
    return { settings, revision };
  },
  country: () => get<CountryView>('/country'),
  nextUnit: () => get<NextUnit>('/signing/next-unit'),
  signingUnits: () => get<UnitRow[]>('/signing/units'),
  setUnitSecret: (unit: number, secret: UnitSecret) => post<UnitRow[]>(`/signing/units/${unit}/secret`, secret),
  /** It goes on by itself; how far it is, `unitServed` says. */
  serveUnit: (unit: number, asked: UnitServiceAsked) => post<UnitServiceView | null>(`/signing/units/${unit}/service`, asked),
  /** Made by the unit, which may take its time, before it is sent. */
  unitTar: (unit: number, from: string, to: string) => fetchFile(`/signing/units/${unit}/export.tar`, days(from, to), 1_800_000),
  unitServed: (unit: number) => get<UnitServiceView | null>(`/signing/units/${unit}/service`),
  rksv: () => get<RksvView>('/rksv'),
  rksvKey: (till: number) => get<RksvKey>(`/rksv/${till}/key`),
  /** `register`: one of the names that the till had; today's unless given. */
  setRksvKey: (till: number, key: string, register?: string) => post<RksvView>(`/rksv/${till}/key`, { key, ...(register ? { register } : {}) }),
  setRksvPassword: (device: number, password: string) => post<RksvView>(`/rksv/devices/${device}/password`, { password }),
  rksvReceipts: (till: number, register?: string) => get<RksvReceiptRow[]>(`/rksv/${till}/receipts`, { register }),
  /** The chain of a busy till takes a while: each signature is verified. */
  dep7: (till: number, register: string, anyway: boolean) => fetchFile('/record/dep7.json', { till: String(till), register, ...(anyway ? { anyway: 'true' } : {}) }, 1_800_000),
  record: () => get<RecordView>('/record'),
  verify: () => post<unknown>('/record/verify'),
  // Written and read through again: a large shop's takes minutes.
  backup: () => post<BackupWritten>('/record/backup', {}, 1_800_000),
  /** A year of a busy shop takes minutes: it is made and read again. */
  dsfinvk: (from: string, to: string) => fetchFile('/record/dsfinvk.zip', { from, to }, 1_800_000),
  datev: (from: string, to: string) => fetchFile('/record/datev.csv', { from, to }, 600_000),
  datevAccounts: (chart: string, digits: number) => get<BookAccountRow[]>('/record/datev/accounts', { chart, digits }),
  cashBook: (till: number, month: string) => get<CashBookView>(`/cash-book/${till}`, { month }),
  cashBookCsv: (till: number, month: string) => fetchFile(`/cash-book/${till}/export.csv`, { month }, 600_000),
  cashBookDatev: (till: number, month: string) => fetchFile(`/cash-book/${till}/datev.csv`, { month }, 600_000),
  invoicePdf: (till: number, number: number) => fetchFile(`/receipts/${till}/${number}/invoice.pdf`, {}, 60_000),
  invoiceXml: (till: number, number: number) => fetchFile(`/receipts/${till}/${number}/invoice.xml`, {}, 60_000),
  digital: () => get<DigitalView>('/digital'),
  setDigitalSecret: (way: 'mail' | 'sms' | 'page', secret: string) => post<DigitalView>('/digital/secret', { way, secret }),
  testMessage: (way: 'mail' | 'sms', to: string) => post<MessageRow>('/digital/test', { way, to }),
  sendReceipt: (what: SendRequest) => post<MessageRow>('/digital/send', what),
  receiptPage: (receipt: SendRequest['receipt']) => post<ReceiptPageView>('/digital/page', receipt),
  settleMessage: (id: number, done: boolean) => post<DigitalView>(`/digital/messages/${id}`, { done }),
  forgetReceiver: (id: number) => remove<DigitalView>(`/digital/messages/${id}/receiver`),
  outbox: () => get<OutboxJob[]>('/outbox'),
  settlePrint: (id: number, done: boolean) => post<OutboxJob[]>(`/outbox/${id}`, { done }),
  /** `base`: the revision of what is changed, as it was when it was read. */
  command: (what: ShopCommand, base?: string): Promise<CommandAnswer> => send(base === undefined ? what : { ...what, base }),
};

/** Addresses that the browser opens itself. */
export const address = {
  receiptHtml: (till: number, number: number) => `/api/v1/receipts/${till}/${number}/html`,
  dayProof: (till: number, number: number) => `/api/v1/days/${till}/${number}/proof.json`,
  dateProof: (day: string) => `/api/v1/proofs/${day}/proof.json`,
  dayHtml: (till: number, number: number) => `/api/v1/days/${till}/${number}/html`,
  invoice: (till: number, number: number) => `/api/v1/receipts/${till}/${number}/invoice`,
  hospitality: (till: number, number: number) => `/api/v1/receipts/${till}/${number}/html?hospitality=true`,
  cashBookHtml: (till: number, month: string) => `/api/v1/cash-book/${till}/html?month=${month}`,
  customersCsv: '/api/v1/customers/export.csv',
  terminalPhoto: (terminal: number, digest: string) => `/api/v1/terminals/${terminal}/photo/${digest}`,
  slipHtml: (attempt: number) => `/api/v1/payments/${attempt}/slip/html`,
  terminalDayHtml: (closing: number) => `/api/v1/terminal-days/${closing}/html`,
  paymentsCsv: (query: string) => `/api/v1/payments/export.csv${query}`,
  vouchersCsv: '/api/v1/vouchers/export.csv',
  rksvReceipt: (till: number, position: number, register?: string) => `/api/v1/rksv/${till}/receipts/${position}/html${register ? `?register=${seg(register)}` : ''}`,
  rksvKeys: (till: number, register: string) => `/api/v1/rksv/${till}/keys.json?register=${seg(register)}`,
  itemsCsv: '/api/v1/items/export.csv',
};
