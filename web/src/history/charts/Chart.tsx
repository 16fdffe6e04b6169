/** Where a chart goes: its room is kept while the code for charts is on the way. */
import { lazy, Suspense } from "react";
import type { ChartProps } from "./LineChart";
import "./chart.css";

const LineChart = lazy(() => import("./LineChart"));

export const Chart = (props: ChartProps) => (
  <Suspense fallback={<div className="chart-wait" style={{ height: props.height }} role="status" aria-label="Loading the chart" />}>
    <LineChart {...props} />
  </Suspense>
);
