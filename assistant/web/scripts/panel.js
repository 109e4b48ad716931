// Runs with the source panel. Every text from the server is put in as text, never as markup.
const $ = selector => element.querySelector(selector);
const word = (key, facts) => window.isnad.word(key, facts);
const HREF = 'a[href^="#src="]';
let opener = null, current = '', data = null, failure = '', asked = 0;

function make(tag, classes, text) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  if (text !== undefined) made.textContent = text;
  return made;
}
function date(iso) {
  const [year, month, day] = iso.split('-').map(Number);
  const locale = window.isnad.language === 'ar' ? 'ar-EG-u-nu-latn' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(year, month - 1, day)));
}
// The citations of the answer that the reader came from, each once, in order.
function siblings() {
  const answer = opener?.closest('.answer');
  if (!answer) return [];
  const seen = new Map();
  for (const link of answer.querySelectorAll(`${HREF}:not([tabindex="-1"])`)) if (!seen.has(link.hash)) seen.set(link.hash, link);
  return [...seen.values()];
}
function mark() {
  for (const link of document.querySelectorAll(`#chat ${HREF}, #library ${HREF}`)) {
    if (current && link.getAttribute('href') === '#src=' + current) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}
const lines = () => !data.quote ? '' : data.first === data.last ? word('line', { n: data.first }) : word('lines', { n: `${data.first}–${data.last}` });
// Where it stands, as a reader writes it down.
const page = () => data.page && word('page', { n: data.page });
const reference = () => [data.title, data.outlet, data.date && date(data.date), data.file, page(), lines()].filter(Boolean);
// The address holds the source while it is open.
function address(reference) { window.isnad.address({ src: reference || null }); }

function heading() {
  const title = $('h2'), meta = $('.meta'), walk = $('.walk'), links = siblings();
  const place = links.findIndex(link => link.hash === '#src=' + current);
  walk.hidden = links.length < 2 || place < 0;
  $('.place').textContent = walk.hidden ? '' : word('of', { i: place + 1, n: links.length });
  $('[data-act=previous]').disabled = place <= 0;
  $('[data-act=next]').disabled = place < 0 || place >= links.length - 1;
  const number = place < 0 ? '' : (links[place].querySelector('.num') || links[place]).lastChild.textContent.trim();
  $('.k').textContent = number;
  meta.replaceChildren();
  $('.acts').hidden = !data;
  $('[data-act=copy-quote]').hidden = !data?.quote;
  if (data) $('.original').href = `/api/original?ref=${encodeURIComponent(current)}&ui=${window.isnad.language}`;
  element.firstElementChild.classList.toggle('whole', Boolean(data) && !data.quote);

  if (!data) { title.textContent = word(failure); title.dir = document.documentElement.dir; title.lang = window.isnad.language; $('.stale').hidden = true; return; }
  title.textContent = data.title; title.dir = data.dir; title.lang = data.lang;
  const facts = [data.outlet, data.date && date(data.date), page(), lines()].filter(Boolean).map(text => make('bdi', '', text));
  const file = make('bdi', 'file', data.file);
  file.dir = 'ltr';
  for (const fact of [...facts, file]) { if (meta.childNodes.length) meta.append(make('span', 'dot', ' · ')); meta.append(fact); }
  const stale = $('.stale');
  stale.hidden = !data.stale;
  stale.textContent = stale.hidden ? '' : word('stale');
}
function body() {
  const place = $('.body');
  place.replaceChildren();
  if (!data) return;
  place.dir = data.dir; place.lang = data.lang;
  const sheet = document.createDocumentFragment();
  for (const line of data.lines) {
    const row = make('div', 'line'), text = make('p', 'text'), [before, quoted, after] = line.parts;
    if (!(before + quoted + after).trim()) { row.classList.add('blank'); sheet.append(row); continue; }
    const number = make('span', 'n', line.n);
    number.setAttribute('aria-hidden', 'true');
    text.dir = line.dir; text.lang = line.lang;
    text.append(before);
    if (quoted) { text.append(make('mark', '', quoted)); row.classList.add('hit'); }
    text.append(after);
    row.append(number, text);
    sheet.append(row);
  }
  place.append(sheet);
}
function scroll() {
  const place = $('.body'), first = place.querySelector('mark');
  if (!first) { place.scrollTop = 0; return; }
  const box = place.getBoundingClientRect(), mark = first.getBoundingClientRect();
  place.scrollTop += mark.top - box.top - Math.max(24, (box.height - Math.min(mark.height, box.height)) * .3);
}
async function show(reference, focus = true) {
  const turn = ++asked;
  current = reference;
  mark();
  let told = null, wrong = '';
  try { told = await server.get_source(reference); } catch { wrong = 'unreachable'; }
  if (turn !== asked) return;
  data = told?.error ? null : told;
  failure = data ? '' : wrong || 'source_missing';
  $('.panel').hidden = false;
  document.body.classList.add('reading');
  heading();
  body();
  requestAnimationFrame(() => { scroll(); if (focus) $('h2').focus({ preventScroll: true }); });
}
function close() {
  asked++;
  $('.panel').hidden = true;
  document.body.classList.remove('reading');
  const back = opener?.isConnected ? opener : document.querySelector(`${HREF}[aria-current]`);
  current = ''; data = null;
  mark();
  address('');
  (back || window.isnad.box())?.focus({ preventScroll: true });
  opener = null;
}
function open(link, focus) {
  opener = link;
  address(link.hash.slice(5));
  show(link.hash.slice(5), focus);
}
function step(by) {
  const links = siblings(), next = links[links.findIndex(link => link.hash === '#src=' + current) + by];
  if (!next) return;
  next.scrollIntoView({ block: 'nearest' });
  open(next, false);
}

document.addEventListener('click', event => {
  const link = event.target.closest?.(HREF);
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  // A caption is for the pointer; focus goes back to the chip that the keyboard reaches.
  open(link.matches('[tabindex="-1"]') ? link.closest('.quote')?.querySelector('a.cite') || link : link);
});
element.addEventListener('click', event => {
  const button = event.target.closest('[data-act]'), act = button?.dataset.act;
  if (act === 'close') close();
  else if (act === 'previous') step(-1);
  else if (act === 'next') step(1);
  else if (act === 'copy-quote' && data) window.isnad.copy(`“${data.quote}”\n— ${reference().join(' · ')}`, button);
  else if (act === 'copy-reference' && data) window.isnad.copy([...reference(), data.url].filter(Boolean).join(' · '), button);
});
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && !$('.panel').hidden) { event.preventDefault(); close(); }
});
document.addEventListener('isnad-language', () => { if (!$('.panel').hidden) heading(); });
// Messages drawn anew (another language, a retry) replace the link that the panel was opened from.
new MutationObserver(() => {
  if (!current || opener?.isConnected) return;
  const again = document.querySelector(`#chat ${HREF}[href="#src=${CSS.escape(current)}"]:not([tabindex="-1"])`);
  if (again) { opener = again; mark(); heading(); }
}).observe(document.body, { childList: true, subtree: true });
function arrive() { const reference = window.isnad.place().get('src'); if (reference && reference !== current) show(reference); }
window.addEventListener('hashchange', arrive);
arrive();
