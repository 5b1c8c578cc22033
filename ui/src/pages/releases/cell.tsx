import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import { Drawer } from "@/parts/drawer";
import { A } from "@/parts/link";
import { Answer } from "@/parts/states";
import { TagStory } from "./story";

export function CellDrawer({ commons, service }: { commons: string; service: string }) {
  const asked = useQuery(ask.tagHistory(commons, service));
  return (
    <Drawer label="Cell" title={<>{service}{asked.data && <span className="dim"> in <A href={`/commons/${commons}`}>{asked.data.commons.name}</A></span>}</>}>
      <Answer asked={asked}>{(story) => <TagStory story={story} />}</Answer>
    </Drawer>
  );
}
