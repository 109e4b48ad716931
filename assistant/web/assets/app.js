// The page around the chat: language, colours, gloss, copying, and what Gradio's own parts need to be usable in both directions.
// Everything shown comes from the server escaped; this file only sets attributes and text.
(() => {
  const isnad = window.isnad, root = document.documentElement;
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private windows may refuse */ } };
  const set = (element, name, value) => { if (element.getAttribute(name) !== value) element.setAttribute(name, value); };
  const word = (key, facts = {}) =>
    Object.entries(facts).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), isnad.strings[isnad.language][key]);
  const box = () => document.querySelector('#ask textarea');
  Object.assign(isnad, { word, box, setLanguage, nextTheme });

  function setLanguage(language) {
    isnad.language = language;
    keep('isnad-language', language);
    root.lang = language;
    root.dir = language === 'ar' ? 'rtl' : 'ltr';
    tidy();
    document.dispatchEvent(new Event('isnad-language'));
  }

  // ---- colours
  const dark = matchMedia('(prefers-color-scheme: dark)');
  function paint() {
    const colours = isnad.theme === 'system' ? (dark.matches ? 'dark' : 'light') : isnad.theme;
    root.dataset.theme = isnad.theme;
    if (root.dataset.colours !== colours) root.dataset.colours = colours;
    document.body.classList.toggle('dark', colours === 'dark');
  }
  function nextTheme() {
    const order = ['system', 'light', 'dark'];
    isnad.theme = order[(order.indexOf(isnad.theme) + 1) % order.length];
    keep('isnad-theme', isnad.theme);
    paint();
    tidy();
  }
  dark.addEventListener('change', paint);

  // ---- names of controls, and the directions that Gradio fixes to left-to-right
  // Gradio names its buttons in the browser's language; their order is what can be relied on.
  const KINDS = ['copy', 'retry', 'undo'];
  function tidy() {
    if (document.title !== word('page_title')) document.title = word('page_title');
    for (const button of document.querySelectorAll('[data-label]')) {
      const label = word(button.dataset.act === 'theme' ? `theme_${isnad.theme}` : button.dataset.label);
      set(button, 'aria-label', label);
      if (button.tagName === 'BUTTON') set(button, 'title', label);
    }
    const name = (button, kind) => {
      button.dataset.kind = kind;
      if (button.classList.contains('said')) return;
      set(button, 'aria-label', word(kind));
      set(button, 'title', word(kind));
    };
    for (const row of document.querySelectorAll('#chat .message-buttons')) {
      row.querySelectorAll('button').forEach((button, place) => { if (KINDS[place]) name(button, KINDS[place]); });
    }
    for (const button of document.querySelectorAll('#chat .scroll-down-button-container button')) name(button, 'down');
    for (const message of document.querySelectorAll('#chat [data-testid=bot], #chat [data-testid=user]')) {
      set(message, 'dir', root.dir);
      message.removeAttribute('aria-label');
    }
    const log = document.querySelector('#chat [role=log]');
    if (log) { set(log, 'aria-label', word('log')); set(log, 'tabindex', '0'); }
    for (const button of document.querySelectorAll('#chat .gloss-switch')) set(button, 'aria-pressed', String(root.dataset.gloss !== 'off'));
    const area = box();
    if (area) {
      // An empty box takes the page's direction, or the placeholder's last mark would stand on the wrong side.
      set(area, 'dir', area.value ? 'auto' : root.dir);
      set(area, 'id', 'question');
      set(area, 'placeholder', word('ask'));
      set(area, 'aria-label', word('ask_label'));
      const label = document.querySelector('#ask [data-testid=block-info]');
      if (label && label.textContent !== word('ask_label')) label.textContent = word('ask_label');
    }
    const send = document.querySelector('#ask button');
    if (send) { set(send, 'aria-label', word('send')); set(send, 'title', word('send')); }
  }
  let waiting = 0;
  const soon = () => { waiting ||= requestAnimationFrame(() => { waiting = 0; tidy(); follow(); }); };
  new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener('input', soon);

  // ---- a new answer is read from its question down: Gradio would scroll to its end
  let turns = 0;
  function follow() {
    const rows = document.querySelectorAll('#chat .user-row'), answers = document.querySelectorAll('#chat .answer').length;
    const seen = rows.length + answers;
    if (seen > turns && rows.length) {
      const scroller = rows[0].closest('[role=log]'), last = rows[rows.length - 1];
      const place = () => { scroller.scrollTop += last.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 20; };
      place();
      requestAnimationFrame(place);
    }
    turns = seen;
  }

  // ---- gloss on and off, for the whole page
  document.addEventListener('click', event => {
    if (!event.target.closest('.gloss-switch')) return;
    root.dataset.gloss = root.dataset.gloss === 'off' ? 'on' : 'off';
    keep('isnad-gloss', root.dataset.gloss);
    tidy();
  });

  // ---- copying: readable text that the server wrote, where Gradio would copy the markup
  isnad.copy = async (text, button) => {
    let said = 'copied';
    try { await navigator.clipboard.writeText(text); } catch { said = 'copy_failed'; }
    button.classList.add('said');
    button.setAttribute('title', word(said));
    button.setAttribute('aria-label', word(said));
    setTimeout(() => { button.classList.remove('said'); tidy(); }, 1600);
  };
  window.addEventListener('click', event => {
    const button = event.target.closest?.('#chat .message-buttons button');
    if (!button || button.dataset.kind !== 'copy') return;
    event.stopImmediatePropagation();
    event.preventDefault();
    let row = button.closest('.message-buttons');
    while (row && !row.querySelector('.plain')) row = row.previousElementSibling || row.parentElement;
    const texts = row ? row.querySelectorAll('.plain, .failed .notice') : [];
    if (texts.length) isnad.copy(texts[texts.length - 1].textContent, button);
  }, true);

  paint();
  tidy();
})();
