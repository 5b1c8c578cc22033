import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import { useMay } from "@/app/me";
import { useView } from "@/url/view";

/** Is there no source at all? Then nothing was read, and nothing that is not found was looked for. */
export function useNoFleet(): boolean {
  return useQuery(ask.now({})).data?.sources.length === 0;
}

export function AddSourceButton() {
  const view = useView();
  const may = useMay();
  return may("source:edit") ? <Button onClick={() => { view.go("/settings/sources?open=new"); }}>Add a source</Button> : null;
}
