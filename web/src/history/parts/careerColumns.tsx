/** The columns of a list of drivers or constructors. */
import { Link } from "../../app/place";
import type { CareerLine } from "../api/types";
import { paths } from "../routes";
import { points, span } from "../words";
import type { Column } from "./Table";

export const columnsOf = (of: "drivers" | "constructors", titles = true): Column<CareerLine>[] => [
  {
    id: "name", label: of === "drivers" ? "Driver" : "Constructor", heads: true, value: ({ name }) => name,
    cell: ({ id, name, first, last }) => (
      <span className="name">
        <Link className="name-link" href={of === "drivers" ? paths.driver(id) : paths.constructor(id)}>{name}</Link>
        <span className="name-sub">{span(first, last)}</span>
      </span>
    ),
  },
  { id: "country", label: "Country", cell: ({ country_name }) => country_name, value: ({ country_name }) => country_name, room: "wide" },
  { id: "years", label: "Seasons", cell: ({ first, last }) => span(first, last), value: ({ first }) => first, figure: true, room: "middle", first: "up" },
  ...(titles ? [{ id: "titles", label: "Titles", cell: (row: CareerLine) => row.titles || "", value: (row: CareerLine) => row.titles, figure: true }] : []),
  { id: "wins", label: "Wins", cell: ({ wins }) => wins || "", value: ({ wins }) => wins, figure: true },
  { id: "podiums", label: "Podiums", cell: (row) => row.podiums || "", value: (row) => row.podiums, figure: true, room: "middle" },
  { id: "poles", label: "Poles", cell: ({ poles }) => poles || "", value: ({ poles }) => poles, figure: true, room: "middle" },
  { id: "points", label: "Points", cell: (row) => (row.points ? points(row.points) : ""), value: (row) => row.points, figure: true, room: "wide" },
  { id: "starts", label: "Starts", cell: ({ starts }) => starts, value: ({ starts }) => starts, figure: true },
];
