/** Speed, gear, throttle and brake of one car, written straight into the page at the rate of the feed. */
import { useEffect, useRef, useState } from "react";
import type { Sample } from "../api/types";
import { useStore } from "../stream/useSession";

export function Gauges({ number }: { number: string }) {
  const store = useStore();
  const frame = useRef<HTMLDivElement>(null);
  const [known, setKnown] = useState(false);

  useEffect(() => store.map.subscribe((message) => {
    const sample = message.samples?.[number];
    setKnown(sample !== undefined);
    if (sample && frame.current) write(frame.current, sample);
  }), [store, number, known]);

  if (!known) return null;
  return (
    <div className="gauges" ref={frame} role="group" aria-label="Telemetry">
      <div className="gauge"><span className="label">Speed</span><span className="gauge-figure"><b data-of="kmh" /> <small>km/h</small></span></div>
      <div className="gauge"><span className="label">Gear</span><span className="gauge-figure"><b data-of="gear" /></span></div>
      <div className="gauge"><span className="label">RPM</span><span className="gauge-figure"><b data-of="rpm" /></span></div>
      <div className="gauge-bars">
        <span className="label">Throttle</span><span className="gauge-bar"><i data-of="throttle" /></span>
        <span className="label">Brake</span><span className="gauge-bar gauge-bar-brake"><i data-of="brake" /></span>
      </div>
    </div>
  );
}

function write(frame: HTMLElement, [rpm, kmh, gear, throttle, brake]: Sample): void {
  const part = (name: string) => frame.querySelector<HTMLElement>(`[data-of="${name}"]`);
  const text = (name: string, value: string) => {
    const element = part(name);
    if (element && element.textContent !== value) element.textContent = value;
  };
  text("kmh", String(kmh));
  text("gear", gear === 0 ? "N" : String(gear));
  text("rpm", String(rpm));
  part("throttle")?.style.setProperty("transform", `scaleX(${Math.min(throttle ?? 0, 100) / 100})`);
  part("brake")?.style.setProperty("transform", `scaleX(${Math.min(brake ?? 0, 100) / 100})`);
}
