/** Where the page is: its address, a way to change it without loading anew, and links that do so. */
import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from "react";

const MOVED = "overcut:moved";

/** Shows another address of the app; `replace` makes no step in the browser's history. */
export function go(address: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  history[replace ? "replaceState" : "pushState"](null, "", address);
  window.dispatchEvent(new Event(MOVED));
}

function watch(moved: () => void): () => void {
  window.addEventListener("popstate", moved);
  window.addEventListener(MOVED, moved);
  return () => {
    window.removeEventListener("popstate", moved);
    window.removeEventListener(MOVED, moved);
  };
}

export const usePath = (): string => useSyncExternalStore(watch, () => location.pathname);
export const useSearch = (): string => useSyncExternalStore(watch, () => location.search);

/** Whether the click is the browser's own: another tab, another window, a download. */
const isTheirs = (click: MouseEvent): boolean =>
  click.button !== 0 || click.metaKey || click.ctrlKey || click.shiftKey || click.altKey;

/** A link within the app: a plain click changes the page in place, everything else is left to the browser. */
export function Link({ href, onClick, children, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { readonly href: string }) {
  return (
    <a
      {...rest}
      href={href}
      onClick={(click) => {
        onClick?.(click);
        if (click.defaultPrevented || isTheirs(click)) return;
        click.preventDefault();
        go(href);
      }}
    >
      {children}
    </a>
  );
}
