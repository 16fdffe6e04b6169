/** The pictures that only the history uses. */
export const SearchIcon = () => (
  <svg className="search-icon" width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" aria-hidden="true" focusable="false">
    <circle cx="7" cy="7" r="4.200" />
    <path d="M10.300 10.300L14 14" />
  </svg>
);
