/** The sheet of keys. A native dialog: it keeps the focus and gives it back. */
import { useEffect, useRef } from "react";
import { CloseIcon } from "../design/icons";
import { SHORTCUTS } from "./shortcuts";

export function HelpSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open) dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className="help" aria-labelledby="help-title" onClose={onClose}>
      <div className="help-title">
        <h2 id="help-title">Keys</h2>
        <button type="button" className="button" onClick={onClose} aria-label="Close"><CloseIcon /></button>
      </div>
      <dl>
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={does}>
            <dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <h3 className="label">Colours</h3>
      <ul className="legend">
        <li><span className="time time-best">1:23.456</span> Best of all</li>
        <li><span className="time time-personal">1:23.456</span> Personal best</li>
        <li><span className="time time-slower">1:23.456</span> No improvement</li>
      </ul>
    </dialog>
  );
}
