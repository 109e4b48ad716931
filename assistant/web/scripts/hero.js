// Runs with the empty state: a suggested question is asked as it stands. Those found in the articles come a little later.
const isnad = window.isnad;
element.addEventListener('click', event => {
  const button = event.target.closest('[data-act]'), act = button?.dataset.act;
  if (act === 'suggest') { trigger('suggested', { question: button.textContent }); isnad.box()?.focus(); }
  else if (act === 'articles') { event.preventDefault(); isnad.go('articles'); }
});
async function load(tries = 6) {
  let shown = '';
  try { ({ shown } = await isnad.fetch('suggestions')); } catch { return; }
  const place = element.querySelector('.suggested');
  if (shown && place) { if (place.innerHTML !== shown) place.innerHTML = shown; } else if (tries) setTimeout(load, 1500, tries - 1);
}
function follow(state) {
  element.querySelector('.hero.some').hidden = !state.articles;
  element.querySelector('.hero.none').hidden = Boolean(state.articles);
}
document.addEventListener('isnad-state', event => { follow(event.detail); if (event.detail.news) load(); });
if (isnad.state) follow(isnad.state);
load();
