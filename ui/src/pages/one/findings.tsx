import type { CommonsDetail } from "@/api/types";
import { FindingsList } from "../findings/list";

export function CommonsFindings({ detail }: { detail: CommonsDetail }) {
  return <FindingsList fixed={`commons_id:${detail.commons.id}`} title="Findings" />;
}
