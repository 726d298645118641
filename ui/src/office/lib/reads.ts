/** The answers of the office's reads, by the names of the API's document (docs/api.md). */
import type { components } from '../../api/schema';
import type { Amount, Country, Settings, Unit } from './types';

type Schemas = components['schemas'];
/** In views every field is sent; what does not apply is null. */
type Sent<T> = T extends (infer E)[] ? Sent<E>[] : T extends object ? { [K in keyof T]-?: Sent<T[K]> } : T;

/** What the first run offers for a country: the settings that it begins with. */
export interface SetupInfo {
  needed: boolean;
  countries: { country: Country; settings: Settings }[];
}

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

// ---- items and stock ----

export type ItemRow = Sent<Schemas['ItemRow']>;
export type ItemPage = Sent<Schemas['ItemPage']>;
export type ItemDetail = Omit<Sent<Schemas['ItemDetail']>, 'item'> & { item: Schemas['Item'] };
export type UnknownCode = Sent<Schemas['UnknownCode']>;
export type StockRow = Sent<Schemas['StockRow']>;
export type StockPage = Sent<Schemas['StockPage']>;
export type Movement = Sent<Schemas['StockMovement']>;

// ---- imports ----

export type ImportState = 'analysing' | 'ready' | 'applying' | 'done' | 'cancelled' | 'failed';
export interface LineError { line: number; column: number | null; column_name: string | null; code: string; value: string }
export interface PreviewRow {
  line: number; action: 'new' | 'changed' | 'unchanged'; number: string; code: string | null; name: string; price: Amount | null;
  tax: number; rate: number | null; group: string; age: number | null; deposit: Amount | null;
}
export interface Preview {
  charset: string; separator: string; decimal: 'comma' | 'point';
  columns: { column: number; header: string; field: string | null }[];
  counts: { rows: number; new: number; changed: number; unchanged: number; errors: number };
  sample: PreviewRow[]; errors: LineError[]; error_counts: { code: string; count: number }[]; groups: { id: number; name: string }[];
  deposits: Amount[];
}
/** `progress`: bytes while analysing, lines while applying. */
export interface ImportStatus {
  id: number; name: string; state: ImportState; progress: { done: number; total: number }; preview: Preview | null;
  outcome: { new: number; changed: number; unchanged: number; left_out: number; groups: number; deposits: number; errors: LineError[] } | null;
  failure: { code: string; needed?: string[]; found?: string[]; line?: number; limit?: number; detail?: string; refusal?: string } | null;
}

// ---- days, people, record ----

export type DayRow = Sent<Schemas['DayRow']>;
export type DayPage = Sent<Schemas['DayPage']>;
export type PersonRow = Sent<Schemas['PersonRow']>;
export type RecordView = Sent<Schemas['RecordView']>;
