/** The few pictures that controls use: 16 px, drawn in the text's colour. */
import type { ReactNode } from "react";

const icon = (children: ReactNode) =>
  function Icon() {
    return (
      <svg
        width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor"
        strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false"
      >
        {children}
      </svg>
    );
  };

export const PlayIcon = icon(<path d="M4.500 2.500v11l9-5.500z" fill="currentColor" />);
export const PauseIcon = icon(<path d="M5 3v10M11 3v10" strokeWidth="2.600" />);
export const RestartIcon = icon(<path d="M3 8a5 5 0 1 0 1.600-3.700M3 2.500v3h3" />);
export const SunIcon = icon(
  <>
    <circle cx="8" cy="8" r="2.800" />
    <path d="M8 1.500v1.300M8 13.200v1.300M1.500 8h1.300M13.200 8h1.300M3.400 3.400l.9.9M11.700 11.700l.9.9M12.600 3.400l-.9.9M4.300 11.700l-.9.9" />
  </>,
);
export const MoonIcon = icon(<path d="M13 9.800A5.600 5.600 0 0 1 6.200 3a5.600 5.600 0 1 0 6.800 6.800z" />);
export const HelpIcon = icon(
  <>
    <path d="M5.600 6a2.400 2.400 0 1 1 3.500 2.100c-.8.4-1.100.9-1.100 1.700" />
    <path d="M8 12.600v.1" strokeWidth="2.200" />
  </>,
);
export const CloseIcon = icon(<path d="M4 4l8 8M12 4l-8 8" />);
export const BoardIcon = icon(<path d="M2.500 4h11M2.500 8h11M2.500 12h11" />);
export const MapIcon = icon(<path d="M3 11.500C3 8 6 9.500 6.500 6.500S9 2.500 11 3s3 3 1.500 5-3 .5-4 2.500-1.500 3-3.200 3S3 13 3 11.500z" />);
export const MessageIcon = icon(<path d="M4 14V2.500M4 3h8.500l-2 2.700 2 2.800H4" />);
export const HelmetIcon = icon(<path d="M2.500 9.500A5.500 5.500 0 0 1 8 3.500c3.300 0 5.500 2.300 5.500 5v4H8.500L7 10.500H2.500zM13.300 8H9" />);
export const SyncIcon = icon(<path d="M2 4.500h12v7.500H2zM5.500 14.500h5M8 7v2.200l1.600 1" />);
export const HistoryIcon = icon(<path d="M4.500 2.500h7v4a3.500 3.500 0 0 1-7 0zM4.500 3.800H2.300c0 2.200.8 3.300 2.400 3.500M11.500 3.800h2.200c0 2.200-.8 3.300-2.400 3.500M8 10v2.500M5.500 13.500h5" />);
export const TyreIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.700" />
    <circle cx="8" cy="8" r="2.300" />
  </>,
);
