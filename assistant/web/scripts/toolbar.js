// Runs with the toolbar; `trigger` sends our event to the server.
const isnad = window.isnad;
element.addEventListener('click', event => {
  const act = event.target.closest('[data-act]')?.dataset.act;
  if (act === 'language') { isnad.setLanguage(isnad.language === 'ar' ? 'en' : 'ar'); trigger('language'); }
  else if (act === 'theme') isnad.nextTheme();
});
// What a reader sets for themselves.
const options = element.querySelector('.options');
const fields = Object.fromEntries([...options.querySelectorAll('[name]')].map(field => [field.name, field]));
const usual = Number(fields.quotes.dataset.usual);
const fill = () => {
  fields.quotes.value = String(isnad.options.quotes ?? usual);
  fields.gloss.checked = document.documentElement.dataset.gloss !== 'off';
  if (fields.model) fields.model.checked = isnad.options.model;
};
options.addEventListener('toggle', fill);
options.addEventListener('change', () => {
  const quotes = Number(fields.quotes.value);
  // The usual number is left to the server, whose setting may change.
  isnad.setOptions({ quotes: quotes === usual ? null : quotes, ...(fields.model ? { model: fields.model.checked } : {}) });
  isnad.setGloss(fields.gloss.checked);
});
document.addEventListener('click', event => { if (options.open && !options.contains(event.target)) options.open = false; });
options.addEventListener('keydown', event => {
  if (event.key === 'Escape') { event.stopPropagation(); options.open = false; options.querySelector('summary').focus(); }
});
fill();
