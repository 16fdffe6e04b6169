/** The trackside weather in full: temperatures, humidity, pressure, wind with its direction, rain. */
import { useSession, useView } from "../stream/useSession";
import "./weather.css";

const POINTS = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"] as const;

/** 292 degrees is "NW": the eighth of the compass that the wind comes from. */
export const compass = (degrees: number): string => POINTS[Math.round(degrees / 45) % 8] ?? "N";

const written = (value: number | null | undefined, unit: string, digits = 1) =>
  value === null || value === undefined ? "–" : `${value.toFixed(digits)}${unit}`;

export function WeatherCard() {
  const weather = useSession((state) => state.weather);
  const waiting = useView((view) => view.held === null);
  if (!weather) {
    return (
      <section className="weather pane" aria-label="Weather">
        {!waiting && <p className="weather-none">No weather readings (yet).</p>}
      </section>
    );
  }
  return (
    <section className="weather pane" aria-label="Weather">
      <dl>
        <div><dt className="label">Air</dt><dd>{written(weather.air_c, "°")}</dd></div>
        <div><dt className="label">Track</dt><dd>{written(weather.track_c, "°")}</dd></div>
        <div><dt className="label">Rain</dt><dd>{weather.rain ? "Yes" : "No"}</dd></div>
        <div>
          <dt className="label">Wind</dt>
          <dd>
            {typeof weather.wind_deg === "number" && (
              <svg width="13" height="13" viewBox="0 0 12 12" aria-hidden="true" style={{ transform: `rotate(${weather.wind_deg}deg)` }}>
                <path d="M6 11L2.500 2 6 4l3.500-2z" fill="currentColor" />
              </svg>
            )}
            {written(weather.wind_ms, "")}<small> m/s{typeof weather.wind_deg === "number" ? ` ${compass(weather.wind_deg)}` : ""}</small>
          </dd>
        </div>
        <div><dt className="label">Humidity</dt><dd>{written(weather.humidity_pct, "", 0)}<small> %</small></dd></div>
        <div><dt className="label">Pressure</dt><dd>{written(weather.pressure_hpa, "", 0)}<small> hPa</small></dd></div>
      </dl>
    </section>
  );
}
