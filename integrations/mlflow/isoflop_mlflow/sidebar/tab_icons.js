/** Paths of 16 x 16 drawings, besides those of element.js. */
export const TAB_ICON = {
  up: 'M8 13V3M3.5 7.5L8 3l4.5 4.5',
  downArrow: 'M8 3v10M3.5 8.5L8 13l4.5-4.5',
  clock: 'M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM8 4.6V8l2.4 1.6',
  info: 'M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM8 7.4v3.6M8 5v.2',
  cross: 'M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  question: 'M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM6.2 6.4a1.9 1.9 0 113 1.6c-.8.5-1.2.8-1.2 1.5M8 11.4v.2',
};
