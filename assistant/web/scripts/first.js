// Runs before the first paint: language, direction and colours as chosen here before, else as the browser prefers.
(() => {
  const root = document.documentElement, isnad = window.isnad;
  const kept = key => { try { return localStorage.getItem(key); } catch { return null; } };
  const one = (value, values, otherwise) => (values.includes(value) ? value : otherwise);
  const preferred = (navigator.languages || []).find(language => /^(ar|en)\b/i.test(language)) || 'en';
  isnad.language = one(kept('isnad-language'), ['ar', 'en'], preferred.slice(0, 2).toLowerCase());
  isnad.theme = one(kept('isnad-theme'), ['light', 'dark'], 'system');
  root.lang = isnad.language;
  root.dir = isnad.language === 'ar' ? 'rtl' : 'ltr';
  root.dataset.theme = isnad.theme;
  root.dataset.gloss = one(kept('isnad-gloss'), ['off'], 'on');
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.colours = isnad.theme === 'system' ? (dark ? 'dark' : 'light') : isnad.theme;
})();
