/** The page's clock (performance.now), refreshed twice a second: for countdowns and ages. */
import { useEffect, useState } from "react";

export function useNow(): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => { setNow(performance.now()); }, 500);
    return () => { clearInterval(timer); };
  }, []);
  return now;
}
