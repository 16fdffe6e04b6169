/** Records, head-to-head and eras: what compares people across the years. */
import type { Page } from "../routes";
import { ErasPage } from "./Eras";
import { HeadToHeadPage } from "./HeadToHead";
import { RecordPage, RecordsPage } from "./Records";

export default function ComparisonsPages({ page }: { readonly page: Page }) {
  switch (page.is) {
    case "records": return <RecordsPage />;
    case "record": return <RecordPage key={page.id} name={page.id} />;
    case "head-to-head": return <HeadToHeadPage a={page.a} b={page.b} />;
    case "eras": return <ErasPage />;
    default: return null;
  }
}
