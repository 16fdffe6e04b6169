/** Drivers and constructors: the lists of all, and the page of one. */
import { useState } from "react";
import { addresses } from "../api/addresses";
import type { CareersAnswer } from "../api/types";
import { useAnswer } from "../api/useAnswer";
import { Answered } from "../parts/Answered";
import { PageHead, Section } from "../parts/Page";
import { columnsOf } from "../parts/careerColumns";
import { Table } from "../parts/Table";
import type { Page } from "../routes";
import { counted } from "../words";
import { ConstructorPage } from "./Constructor";
import { DriverPage } from "./Driver";

export default function CareersPages({ page }: { readonly page: Page }) {
  switch (page.is) {
    case "driver": return <DriverPage key={page.id} id={page.id} />;
    case "constructor": return <ConstructorPage key={page.id} id={page.id} />;
    case "drivers": case "constructors": return <CareersPage key={page.is} of={page.is} />;
    default: return null;
  }
}

function CareersPage({ of }: { readonly of: "drivers" | "constructors" }) {
  const list = useAnswer(of === "drivers" ? addresses.drivers({ limit: 1000 }) : addresses.constructors({ limit: 1000 }));
  return <Answered of={list} what={`the ${of}`}>{(answer) => <Everyone of={of} list={answer} />}</Answered>;
}

function Everyone({ of, list }: { readonly of: "drivers" | "constructors"; readonly list: CareersAnswer }) {
  const [text, write] = useState("");
  const wanted = plain(text);
  const rows = wanted === "" ? list.items : list.items.filter(({ name, code, country_name }) => plain(`${name} ${code ?? ""} ${country_name ?? ""}`).includes(wanted));
  const title = of === "drivers" ? "Drivers" : "Constructors";
  return (
    <>
      <PageHead kind="History" title={title} lead={`${counted(list.total, of === "drivers" ? "driver" : "constructor")}, the most successful first.`} />
      <Section
        title={wanted === "" ? "All" : counted(rows.length, "match", "matches")} wide
        beside={<input className="field" type="search" aria-label={`Only ${of} whose name has`} placeholder="Name or country" value={text} onChange={(event) => { write(event.target.value); }} />}
      >
        <Table caption={title} rows={rows} columns={columnsOf(of)} keyOf={({ id }) => id} most={60} empty={`Nobody is called “${text.trim()}”.`} />
      </Section>
    </>
  );
}

/** Letters without their marks, small: "Pérez" is found by "perez". */
const plain = (text: string) => text.trim().normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
