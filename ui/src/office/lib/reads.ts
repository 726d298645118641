/** The answers of the office's reads, by the names of the API's document (docs/api.md). */
import type { components } from '../../api/schema';
import type { Amount, Country, Settings, Unit } from './types';

type Schemas = components['schemas'];
/** In views every field is sent; what does not apply is null. */
type Sent<T> = T extends (infer E)[] ? Sent<E>[] : T extends object ? { [K in keyof T]-?: Sent<T[K]> } : T;

/** What the first run offers for a country: the settings that it begins with. */
export interface SetupInfo {
  needed: boolean;
  countries: { country: Country; name: Schemas['BothWords']; settings: Settings }[];
}

/** What pages have to know of the shop's country; they never ask which one it is. */
export type CountryView = Sent<Schemas['CountryView']>;

// ---- today: what stands after a question mark is shown when the shop sends it ----

export type HourRow = Sent<Schemas['HourRow']>;
export type Bestseller = Sent<Schemas['Bestseller']> & { unit?: Unit; stock?: number | null; minimum?: number | null };
export type TillToday = Sent<Schemas['TillToday']>;
export type Todo = Schemas['Todo'];
export interface TenderToday { kind: string; amount: Amount; share?: number }
export type Today = Omit<Sent<Schemas['Today']>, 'bestsellers'> & {
  bestsellers: Bestseller[];
  average?: Amount | null;
  drawers?: Amount | null;
  tenders?: TenderToday[];
  /** Against `turnover_so_far`, hundredths of a percent. */
  change?: number | null;
};

// ---- receipts: as they stand in the journal, where fields that say nothing are left out ----

export type ReceiptRow = Sent<Schemas['ReceiptRow']>;
export type ReceiptPage = Sent<Schemas['ReceiptPage']>;
export type ReceiptLine = Schemas['Line'];
export type DiscountOrigin = Schemas['DiscountOrigin'];
export type ReceiptDetail = Schemas['ReceiptDetail'];

/** A print that is not done. */
export type OutboxJob = Sent<Schemas['OutboxJob']>;

/** Digital receipts: whose secrets are known, and what is on its way. */
export type DigitalView = Sent<Schemas['DigitalView']>;
export type MessageRow = Sent<Schemas['MessageRowView']>;
// ---- codes and recalls ----

export type CodeMeaning = Sent<Schemas['CodeMeaning']>;
export type RecallRow = { name: string | null; recall: Schemas['Recall'] };
export type RecallList = Schemas['RecallList'];

// ---- the books ----

export type BookAccount = Schemas['BookAccount'];
export type BookAccountRow = Sent<Schemas['BookAccountRow']>;
export type Datev = Schemas['DatevSettings'];
export type CashBookView = Sent<Schemas['CashBookView']>;
export type CashBookRow = Sent<Schemas['CashBookRowView']>;

// ---- card payments ----

export type AttemptRow = Sent<Schemas['AttemptRow']>;
export type AttemptPage = Sent<Schemas['AttemptPage']>;
export type TerminalServed = Sent<Schemas['TerminalServed']>;
export type AttemptStep = Sent<Schemas['AttemptStepRow']>;
export type AttemptDetail = Omit<Sent<Schemas['AttemptDetail']>, 'steps'> & { steps: AttemptStep[] };
export type TerminalDayRow = Sent<Schemas['TerminalDayRow']>;
export type TerminalDayPage = Sent<Schemas['TerminalDayPage']>;
export type TerminalDayDetail = Sent<Schemas['TerminalDayDetail']>;
export type NextUnit = Sent<Schemas['NextUnit']>;
export type UnitRow = Sent<Schemas['UnitRow']>;
export type UnitWarning = UnitRow['warnings'][number];
export type UnitServiceView = Sent<Schemas['UnitServiceView']>;
export type RksvView = Sent<Schemas['RksvView']>;
export type RksvRegister = Sent<Schemas['RegisterView']>;
export type RksvPast = RksvRegister['past'][number];
export type RksvKey = Sent<Schemas['RksvKey']>;
export type RksvReceiptRow = Sent<Schemas['RksvReceiptRow']>;
export type TerminalRow = Sent<Schemas['TerminalRow']>;

// ---- card terminals as devices ----

export type DeviceCard = Schemas['DeviceCard'];
export type InspectionPoint = Schemas['InspectionPoint'];
/** A card stands in the journal, where fields that say nothing are left out. */
export type DeviceRow = Omit<Sent<Schemas['DeviceRow']>, 'card' | 'reported' | 'stop'> & Pick<Schemas['DeviceRow'], 'reported'> & { card: DeviceCard | null; stop: Schemas['DeviceStop'] | null };
export type DeviceRegister = Omit<Sent<Schemas['DeviceRegister']>, 'terminals'> & { terminals: DeviceRow[] };
export type DeviceEntry = Omit<Sent<Schemas['DeviceEntry']>, 'card' | 'identity'> & { card: DeviceCard | null; identity: Schemas['DeviceIdentity'] | null };

// ---- items and stock ----

export type ItemRow = Sent<Schemas['ItemRow']>;
export type ItemPage = Sent<Schemas['ItemPage']>;
export type ItemDetail = Omit<Sent<Schemas['ItemDetail']>, 'item'> & { item: Schemas['Item'] };
export type UnknownCode = Sent<Schemas['UnknownCode']>;
export type StockRow = Sent<Schemas['StockRow']>;
export type StockPage = Sent<Schemas['StockPage']>;
export type Movement = Sent<Schemas['StockMovement']>;

// ---- vouchers ----

export type VoucherRow = Sent<Schemas['VoucherRow']>;
export type VoucherPage = Sent<Schemas['VoucherPage']>;
export type VoucherDetail = Sent<Schemas['VoucherDetail']>;

// ---- the bank ----

export type TransferRow = Sent<Schemas['TransferRow']>;
export type TransferPage = Sent<Schemas['TransferPage']>;
export type BankMessageRow = Sent<Schemas['BankMessageRow']>;
export type BankMessagePage = Sent<Schemas['BankMessagePage']>;
export type BankFileView = Sent<Schemas['BankFileView']>;
// ---- customers ----

export type AccountSums = Sent<Schemas['AccountSumsView']>;
export type CustomerRow = Sent<Schemas['CustomerRow']>;
export type CustomerPage = Sent<Schemas['CustomerPage']>;
export type CustomerDetail = Sent<Schemas['CustomerDetail']>;
export type OpenAccounts = Sent<Schemas['OpenAccounts']>;

// ---- imports ----

export type LineError = Sent<Schemas['LineError']>;
export type Preview = Omit<Sent<Schemas['Preview']>, 'groups'> & { groups: { id: number; name: string }[] };
/** Why a file cannot be used as a whole: `import/problem.rs`. */
export interface ImportFailure { code: string; needed?: string[]; line?: number; limit?: number; detail?: string; refusal?: string }
/** `progress`: bytes while analysing, lines while applying. */
export type ImportStatus = Omit<Sent<Schemas['ImportStatus']>, 'preview' | 'failure'> & { preview: Preview | null; failure: ImportFailure | null };

// ---- days, people, record ----

export type DayRow = Sent<Schemas['DayRow']>;
/** A proof stands in a file as well, where fields that say nothing are left out. */
export type DayProof = Schemas['DayProof'];
export type Statement = Schemas['Statement'];
export type Figure = Schemas['Figure'];
export type Difference = Schemas['Difference'];
export type Verdict = Schemas['Verdict'];
export type DayPage = Sent<Schemas['DayPage']>;
export type PersonRow = Sent<Schemas['PersonRow']>;
export type RecordView = Sent<Schemas['RecordView']>;
export type BackupWritten = Sent<Schemas['BackupWritten']>;

// ---- devices on the counter ----

export type ScalePart = Sent<Schemas['ScalePart']>;
export type CashMachineRow = Sent<Schemas['CashMachineRow']>;
export type CashMachineLook = Sent<Schemas['CashMachineLook']>;
export type FoundDevice = Sent<Schemas['FoundDevice']>;
export type PrinterModel = Sent<Schemas['PrinterModel']>;
export type PrinterView = Sent<Schemas['PrinterView']>;
export type TriedView = Sent<Schemas['TriedView']>;

// ---- labels ----

export type LabelForms = Sent<Schemas['LabelForms']>;
export type LabelsView = Sent<Schemas['LabelsView']>;
export type LabelsPrinted = Sent<Schemas['LabelsPrinted']>;
export type ChangedPrices = Sent<Schemas['ChangedPrices']>;
