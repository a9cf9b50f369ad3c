/** What stands below the bar, or is scrolled to, knows its height: `--bar`. */
new ResizeObserver(([bar]) => document.documentElement.style.setProperty('--bar', `${bar.target.offsetHeight}px`))
  .observe(document.querySelector('.bar'));
