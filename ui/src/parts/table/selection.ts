import { useMemo, useState } from "react";

export interface Selection {
  size: number;
  keys: string[];
  has: (key: string) => boolean;
  toggle: (key: string) => void;
  set: (keys: string[]) => void;
}

export function useSelection(): Selection {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  return useMemo(() => ({
    size: keys.size,
    keys: [...keys],
    has: (key) => keys.has(key),
    toggle: (key) => {
      setKeys((before) => {
        const after = new Set(before);
        if (!after.delete(key)) after.add(key);
        return after;
      });
    },
    set: (next) => { setKeys(new Set(next)); },
  }), [keys]);
}
