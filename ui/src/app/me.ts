import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import type { Me } from "@/api/types";

export function useMe(): Me | undefined {
  return useQuery(ask.session()).data;
}

/** May this person do it, anywhere or in one organization? The server decides; this only hides what it would refuse. */
export function useMay(): (permission: string, organization?: string) => boolean {
  const me = useMe();
  return (permission, organization) =>
    me !== undefined && (me.permissions.includes(permission)
      || me.organizations.some((one) => (organization === undefined || one.id === organization) && one.permissions.includes(permission)));
}
