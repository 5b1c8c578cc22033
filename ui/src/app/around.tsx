// What stands in a page's place: not found, failed while drawing, still loading.
import { Button } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { Empty, Failed, Skeleton } from "@/parts/states";
import { useView } from "@/url/view";

export function NotFound() {
  const view = useView();
  return (
    <div className="page"><Empty page title="There is no such page" action={<Button variant="default" onClick={() => { view.go("/"); }}>Go to Now</Button>}>
      The address {view.path} leads nowhere: the link may be old, or a letter is missing. ⌘K finds commons, clusters and changes by name.
    </Empty></div>
  );
}

export function PageFailed({ error, reset }: ErrorComponentProps) {
  return <div className="page"><Failed error={error} retry={reset} /></div>;
}

export function PageWaits() {
  return <div className="page"><div className="page-head" /><Skeleton lines={12} /></div>;
}
