/** What is shown when a part of the page fails: what, and the way out. The rest of the board stays. */
import { Component, type ReactNode } from "react";

interface Props { readonly part: string; readonly children: ReactNode }

export class ErrorBoundary extends Component<Props, { failure: string | null }> {
  override state: { failure: string | null } = { failure: null };

  static getDerivedStateFromError(cause: unknown): { failure: string } {
    return { failure: cause instanceof Error ? cause.message : String(cause) };
  }

  override render(): ReactNode {
    if (this.state.failure === null) return this.props.children;
    return (
      <div className="notice" role="alert">
        <h2>{this.props.part} failed</h2>
        <p>{this.state.failure}</p>
        <button type="button" className="button choice" onClick={() => { this.setState({ failure: null }); }}>Try again</button>
      </div>
    );
  }
}
