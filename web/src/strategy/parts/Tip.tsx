/** A word with its meaning: shown on hover, focus and press, told to screen readers, closed by Escape. */
import { type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import { MEANINGS, type Term } from "../model/meanings";

/** Without a word of its own it is a question mark. */
export function Tip({ of, children }: { readonly of: Term; readonly children?: ReactNode }) {
  const id = useId();
  const [open, show] = useState(false);
  const word = useRef<HTMLButtonElement>(null);
  const sheet = useRef<HTMLSpanElement>(null);

  // Beside the word, within the window: measured once it is there.
  useLayoutEffect(() => {
    const [anchor, tip] = [word.current?.getBoundingClientRect(), sheet.current];
    if (!open || !anchor || !tip) return;
    const { width, height } = tip.getBoundingClientRect();
    const below = anchor.bottom + 6 + height <= innerHeight;
    tip.style.left = `${Math.max(8, Math.min(anchor.left, innerWidth - width - 8))}px`;
    tip.style.top = `${below ? anchor.bottom + 6 : Math.max(8, anchor.top - height - 6)}px`;
  }, [open]);

  return (
    <span className="tip" onPointerEnter={(event) => { if (event.pointerType === "mouse") show(true); }} onPointerLeave={(event) => { if (event.pointerType === "mouse") show(false); }}>
      <button
        ref={word} type="button" className={children === undefined ? "tip-mark" : "tip-word"} aria-label={children === undefined ? "What is this?" : undefined} aria-describedby={open ? id : undefined}
        onFocus={(event) => { if (event.target.matches(":focus-visible")) show(true); }} onBlur={() => { show(false); }}
        onClick={() => { show((shown) => !shown); }}
        onKeyDown={(event) => { if (event.key === "Escape" && open) { show(false); event.stopPropagation(); } }}
      >
        {children ?? "?"}
      </button>
      {open && <span ref={sheet} id={id} role="tooltip" className="tip-sheet">{MEANINGS[of]}</span>}
    </span>
  );
}
