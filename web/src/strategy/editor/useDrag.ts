/** A hand that moves something along a track: pointer, pen or finger, told in shares of the track's width. */
import { type PointerEvent, useRef } from "react";

export interface Drag {
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerCancel: (event: PointerEvent<HTMLElement>) => void;
}

interface Held { readonly id: number; readonly grip: number; readonly from: number; moved: boolean }

/** A movement of fewer pixels is a press, not a drag. */
const STILL_PX = 4;

/**
 * `at`: where the thing is now, as a share of the track. `onMove` is told the share where it should be; `onEnd` whether
 * it was moved at all. The element is gripped where it was taken hold of, so that it does not jump to the finger.
 */
export function useDrag(at: number, onMove: (share: number) => void, onEnd: (moved: boolean) => void, trackOf = (element: HTMLElement) => element.closest<HTMLElement>("[data-track]")): Drag {
  const held = useRef<Held | null>(null);
  const share = (event: PointerEvent<HTMLElement>): number => {
    const box = trackOf(event.currentTarget)?.getBoundingClientRect();
    return box && box.width > 0 ? (event.clientX - box.left) / box.width : 0;
  };
  const end = (event: PointerEvent<HTMLElement>) => {
    if (held.current?.id !== event.pointerId) return;
    const { moved } = held.current;
    held.current = null;
    onEnd(moved);
  };
  return {
    onPointerDown: (event) => {
      if (event.button !== 0 || held.current) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      held.current = { id: event.pointerId, grip: share(event) - at, from: event.clientX, moved: false };
    },
    onPointerMove: (event) => {
      const { current } = held;
      if (current?.id !== event.pointerId) return;
      if (!current.moved && Math.abs(event.clientX - current.from) < STILL_PX) return;
      current.moved = true;
      onMove(share(event) - current.grip);
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
