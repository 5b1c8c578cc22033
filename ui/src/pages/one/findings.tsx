import type { CommonsDetail } from "@/api/types";
import { FindingsList } from "../findings/list";
import { ofCommons } from "@/url/filter";

export function CommonsFindings({ detail }: { detail: CommonsDetail }) {
  return <FindingsList fixed={ofCommons(detail.commons.name)} title="Findings" />;
}
