import "react";

declare module "react" {
  /** Custom properties may be set in `style`. */
  // eslint-disable-next-line @typescript-eslint/consistent-indexed-object-style -- an interface can be added to, a type not
  interface CSSProperties {
    [property: `--${string}`]: string | number | undefined;
  }
}
