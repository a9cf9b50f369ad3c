/**
 * The frame of every page, also of signing in. It is no module, so that the page is never drawn in
 * the other appearance first.
 */
(() => {
  const root = document.documentElement;
  const kept = () => {
    try {
      return localStorage.getItem('m2ib.theme') ?? 'system';
    } catch {
      return 'system'; // a browser that keeps nothing
    }
  };
  const show = theme => {
    root.dataset.theme = theme;
  };
  show(kept());

  addEventListener('DOMContentLoaded', () => {
    const theme = document.getElementById('theme');
    theme.value = kept();
    theme.addEventListener('change', () => {
      show(theme.value);
      try {
        localStorage.setItem('m2ib.theme', theme.value);
      } catch {
        // for this page only
      }
    });
    document.getElementById('language').addEventListener('change', event => {
      document.cookie = `m2ib-language=${event.target.value}; path=/; max-age=31536000; samesite=strict`;
      location.reload();
    });
    const signIn = document.querySelector('form[action="/j_security_check"]');
    if (signIn) {
      signIn.action += location.hash; // redirects keep it: back to the sentence that was left
    }
    const open = () => [...document.querySelectorAll('.bar details[open]')];
    addEventListener('click', event => {
      open().filter(d => !d.contains(event.target)).forEach(d => { d.open = false; });
    });
    addEventListener('keydown', event => {
      if (event.key === 'Escape') {
        open().forEach(d => {
          d.open = false;
          d.querySelector('summary').focus();
        });
      }
    });
    // the bar's height, for what is below it and for scrolling
    new ResizeObserver(([bar]) => root.style.setProperty('--bar', `${bar.target.offsetHeight}px`))
      .observe(document.querySelector('.bar'));
  });
})();
