/**
 * Reads codes out of pictures, away from the page: the page stays quick, and the permission to run WebAssembly is this file's alone (the
 * shop serves it with a policy of its own). The reader is zxing-cpp; its .wasm comes from the shop as every other file does.
 */
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { asScanner } from './code';

const ready = prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });

addEventListener('message', (event: MessageEvent<ImageData>) => {
  void (async () => {
    try {
      await ready;
      const found = await readBarcodes(event.data, {
        formats: ['EAN13', 'EAN8', 'UPCA', 'UPCE', 'Code128', 'Code39', 'ITF', 'DataBar', 'DataBarExpanded', 'DataBarLimited', 'DataMatrix', 'QRCode'],
        tryHarder: true, maxNumberOfSymbols: 4, textMode: 'Plain', eanAddOnSymbol: 'Read',
      });
      postMessage({ codes: found.filter((one) => one.isValid).map(asScanner) });
    } catch (error) {
      postMessage({ failed: String(error) });
    }
  })();
});
