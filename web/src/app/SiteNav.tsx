/** The way between the parts of the app, and the mark that stands before it. */
import { Link } from "./place";

export function SiteNav({ here }: { readonly here: "live" | "history" | "strategy" }) {
  return (
    <nav className="site-nav" aria-label="Overcut">
      <Link className="site-link" href="/" aria-current={here === "live" ? "true" : undefined}>Live</Link>
      <Link className="site-link" href="/history" aria-current={here === "history" ? "true" : undefined}>History</Link>
      <Link className="site-link" href="/strategy" aria-current={here === "strategy" ? "true" : undefined}>Strategy</Link>
    </nav>
  );
}

/** The mark: two lines that part, one staying out longer. */
export function Mark() {
  return (
    <svg className="mark" width="34" height="34" viewBox="0 0 32 32" role="img" aria-label="Overcut">
      <path d="M4 24h9c4.200 0 5-3.600 7-8s3.500-8 8-8" fill="none" stroke="currentColor" strokeWidth="3.400" strokeLinecap="round" />
      <path d="M4 16h8" stroke="currentColor" strokeWidth="3.400" strokeLinecap="round" opacity="0.55" />
    </svg>
  );
}
