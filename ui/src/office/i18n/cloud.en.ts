/** Texts of terminals that are asked through their provider, in English. */
import type * as german from './cloud.de';

export const cloudTexts: typeof german.cloudTexts = {
  address: 'The provider’s address:port',
  addressHint: 'The provider’s own, but for a simulator.',
  merchant: { sumup_cloud: 'Merchant code', adyen_cloud: 'Merchant account' },
  merchantHint: { sumup_cloud: 'Stands in SumUp’s dashboard at the profile, like MH4H92C7.', adyen_cloud: 'As it is called in Adyen’s Customer Area.' },
  reader: 'Number of the reader',
  readerHint: 'Begins with rdr_. A new reader can be paired below; then it stands here by itself.',
  key: 'Key to the provider',
  keyLead: 'Lies apart from the settings and is shown to nobody again.',
  apiKey: 'API key',
  apiKeyHint: { sumup_cloud: 'Begins with sup_sk_.', adyen_cloud: 'With the role “Cloud Device API”.' },
  app: 'Application (app id)',
  affiliate: 'Affiliate key',
  affiliateHint: 'Without it the provider does not find a payment again whose answer was lost.',
  root: 'Root certificate',
  rootHint: 'For a simulator only: PEM. Otherwise leave it empty.',
  tell: 'Take over',
  told: 'Taken over.',
  pair: 'Pair a reader',
  pairLead: 'Choose the API at the reader under “Connections”; it then shows a code.',
  code: 'Code at the reader',
  pairNow: 'Pair',
  paired: (reader) => `Paired: ${reader}. Please save the settings.`,
};
