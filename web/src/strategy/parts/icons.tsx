/** The pictures of this page's controls, drawn as those of `design/icons`. */
import type { ReactNode } from "react";

const icon = (children: ReactNode) =>
  function Icon() {
    return (
      <svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
        {children}
      </svg>
    );
  };

export const CopyIcon = icon(<path d="M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3" />);
export const LinkIcon = icon(<path d="M6.500 9.500l3-3M7 4.500l1.800-1.800a3 3 0 0 1 4.500 4.500L11.500 9M9 11.500l-1.800 1.800a3 3 0 0 1-4.500-4.500L4.500 7" />);
export const PlusIcon = icon(<path d="M8 3v10M3 8h10" />);
