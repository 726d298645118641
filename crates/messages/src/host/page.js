/* Opens a receipt in the browser. The key stands behind the # of the address, which is sent to nobody; the host has what is sealed, and
   nothing else. Nothing is stored, nothing is loaded from elsewhere. */
'use strict';
(() => {
  const page = document.getElementById('page');
  const german = !(navigator.language || 'de').toLowerCase().startsWith('en');
  const words = german
    ? {
        gone: 'Dieser Beleg ist hier nicht zu finden. Er wurde vielleicht schon vor längerer Zeit ausgestellt, oder er kommt gerade erst an: Laden Sie die Seite dann noch einmal.',
        key: 'Die Adresse ist nicht vollständig: Der Schlüssel hinter dem Zeichen # fehlt. Scannen Sie bitte den ganzen Code.',
        wrong: 'Der Schlüssel in der Adresse öffnet diesen Beleg nicht.',
        busy: 'Zu viele Versuche. Bitte in einer Minute noch einmal.',
        line: 'Keine Verbindung. Bitte noch einmal versuchen.',
        insecure: 'Diese Seite braucht eine verschlüsselte Verbindung (https).',
        save: 'Beleg sichern',
        note: 'Der Beleg wurde in Ihrem Browser entschlüsselt. Wer die ganze Adresse hat, kann ihn sehen.',
      }
    : {
        gone: 'This receipt cannot be found here. It may have been issued a long time ago, or it is still on its way: then load the page again.',
        key: 'The address is not complete: the key behind the sign # is missing. Please scan the whole code.',
        wrong: 'The key in the address does not open this receipt.',
        busy: 'Too many tries. Please try again in a minute.',
        line: 'No connection. Please try again.',
        insecure: 'This page needs an encrypted connection (https).',
        save: 'Save the receipt',
        note: 'The receipt was decrypted in your browser. Whoever has the whole address can see it.',
      };

  function say(text) {
    document.documentElement.lang = german ? 'de' : 'en';
    const said = document.createElement('div');
    said.setAttribute('role', 'alert');
    const heading = document.createElement('h1');
    heading.className = 'says';
    heading.textContent = text;
    said.append(heading);
    page.replaceChildren(said);
  }

  function bytesOf(text) {
    const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, (c) => c.charCodeAt(0));
  }

  /* Only what a receipt is made of is taken over: no script, no address, no style can come in with it. */
  const tags = new Set(['article', 'p', 'div', 'span', 'hr', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'figure', 'figcaption', 'svg', 'rect', 'path']);
  const marks = new Set(['class', 'lang', 'role', 'scope', 'aria-label', 'viewBox', 'shape-rendering', 'width', 'height', 'fill', 'd']);
  const drawn = 'http://www.w3.org/2000/svg';
  function taken(node) {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || !tags.has(node.localName)) return null;
    const made = node.namespaceURI === drawn ? document.createElementNS(drawn, node.localName) : document.createElement(node.localName);
    for (const { name, value } of node.attributes) if (marks.has(name)) made.setAttribute(name, value);
    for (const child of node.childNodes) {
      const inner = taken(child);
      if (inner) made.append(inner);
    }
    return made;
  }

  function show(bundle) {
    document.documentElement.lang = bundle.language === 'en' ? 'en' : 'de';
    document.title = bundle.title;
    const parsed = new DOMParser().parseFromString(bundle.html, 'text/html');
    const receipt = parsed.querySelector('article');
    const heading = document.createElement('h1');
    heading.className = 'hid';
    heading.textContent = bundle.title;
    const nav = document.createElement('nav');
    nav.className = 'get';
    nav.setAttribute('aria-label', words.save);
    for (const file of bundle.files) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = file.label;
      button.addEventListener('click', () => {
        const address = URL.createObjectURL(new Blob([bytesOf(file.data)], { type: file.media }));
        const link = document.createElement('a');
        link.href = address;
        link.download = file.name;
        link.click();
        setTimeout(() => URL.revokeObjectURL(address), 60000);
      });
      nav.append(button);
    }
    const note = document.createElement('p');
    note.textContent = words.note;
    nav.append(note);
    page.replaceChildren(...[heading, receipt && taken(receipt), nav].filter(Boolean));
  }

  async function open() {
    const id = location.pathname.split('/').pop();
    let key;
    let number;
    try {
      key = bytesOf(location.hash.slice(1));
      number = bytesOf(id);
    } catch {
      key = new Uint8Array();
    }
    if (key.length !== 32 || number?.length !== 16) return say(words.key);
    if (!globalThis.crypto?.subtle) return say(words.insecure);
    let reply;
    try {
      reply = await fetch(`/d/${id}`, { cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' });
    } catch {
      return say(words.line);
    }
    if (reply.status === 429) return say(words.busy);
    if (!reply.ok) return say(words.gone);
    try {
      const sealed = new Uint8Array(await reply.arrayBuffer());
      const magic = sealed.slice(0, 4);
      if (new TextDecoder().decode(magic) !== 'TRB1') throw new Error('form');
      const own = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
      const additionalData = new Uint8Array([...magic, ...number]);
      const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.slice(4, 16), additionalData }, own, sealed.slice(16));
      show(JSON.parse(new TextDecoder().decode(plain)));
    } catch {
      say(words.wrong);
    }
  }

  addEventListener('hashchange', () => void open());
  void open();
})();
