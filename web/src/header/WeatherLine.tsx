/** The weather in one breath: air, track, wind, rain. */
import { useSession } from "../stream/useSession";

export function WeatherLine() {
  const weather = useSession((state) => state.weather);
  if (!weather) return null;
  return (
    <dl className="weather-line">
      <Reading name="Air" value={weather.air_c} unit="°" />
      <Reading name="Track" value={weather.track_c} unit="°" />
      <div><dt className="label">Sky</dt><dd className="weather-figure">{weather.rain ? "Rain" : "Dry"}</dd></div>
    </dl>
  );
}

function Reading({ name, value, unit }: { name: string; value: number | null | undefined; unit: string }) {
  if (value === null || value === undefined) return null;
  return <div><dt className="label">{name}</dt><dd className="weather-figure">{value.toFixed(0)}{unit}</dd></div>;
}
