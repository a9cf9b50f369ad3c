/** Publishes the bar's height as `--bar`, for elements below it and for scrolling. */
new ResizeObserver(([bar]) => document.documentElement.style.setProperty('--bar', `${bar.target.offsetHeight}px`))
  .observe(document.querySelector('.bar'));
