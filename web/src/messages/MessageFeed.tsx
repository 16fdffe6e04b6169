/** What race control said, newest first, each in its flag's colour. */
import { memo, useMemo } from "react";
import type { RaceControlMessage } from "../api/types";
import { messageLook } from "../format/flags";
import { clockTime } from "../format/time";
import { useSession } from "../stream/useSession";
import "./messages.css";

/** Older messages are a press on "all" away; the list then grows by itself no further. */
const SHOWN = 120;

export function MessageFeed() {
  const messages = useSession((state) => state.messages);
  const newest = useMemo(() => {
    const entries = Object.entries(messages ?? {});
    return entries.sort(([a], [b]) => Number(b) - Number(a)).slice(0, SHOWN);
  }, [messages]);
  if (newest.length === 0) return <p className="nothing">Race control has said nothing yet.</p>;
  return (
    <ol className="messages" aria-label="Race control, newest first" reversed>
      {newest.map(([id, message]) => <Message key={id} message={message} />)}
    </ol>
  );
}

const Message = memo(function Message({ message }: { message: RaceControlMessage }) {
  const family = messageLook(message);
  return (
    <li className={`message message-${family}`}>
      <span className="message-flag" aria-hidden="true" />
      <span className="message-when figure">
        {message.lap ? <>Lap {message.lap}</> : clockTime(message.t_ms, true)}
      </span>
      <span className="message-text">{message.text}</span>
    </li>
  );
});
